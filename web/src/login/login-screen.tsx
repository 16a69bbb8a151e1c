import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, Logo } from '../chat/icon.js';
import { LanguageSwitch } from '../language/language-switch.js';
import { loginTexts } from '../language/login.js';
import { type EndReason, enter } from '../session/entry.js';
import { asking, type Fault, faultOf, type Field, type Request, type Way } from './asking.js';
import type { Lengths } from './rules.js';
import { useEntryOptions } from './use-entry-options.js';

/** How somebody enters: with an account, with a new one, or as a guest. */
export function LoginScreen({ reason }: { reason: EndReason }) {
  const [way, setWay] = useState<Way>('logIn');
  const [isPointed, setPointed] = useState(true);
  const { ways, lengths } = useEntryOptions();
  const words = loginTexts.value;
  useEffect(() => {
    document.title = 'Parley';
  }, []);
  return (
    <main class="login">
      <div class="login-card">
        <header class="login-head">
          <Logo />
          <h1 tabIndex={-1}>Parley</h1>
          <p>{words.tagline}</p>
        </header>
        {reason !== null && (
          <p class="login-reason" role="alert">
            {words.ended[reason]}
          </p>
        )}
        {ways.length > 1 && (
          <Ways ways={ways} chosen={way} onPoint={setPointed} onChoose={setWay} />
        )}
        <LoginForm key={way} way={way} lengths={lengths} isFocused={isPointed} />
      </div>
      <LanguageSwitch />
    </main>
  );
}

interface WaysProps {
  readonly ways: readonly Way[];
  readonly chosen: Way;
  /** Whether the choice that follows is made with a pointer, and not with the keys. */
  readonly onPoint: (isPointed: boolean) => void;
  readonly onChoose: (way: Way) => void;
}

/** One choice of a few: the arrow keys move within it, and Tab goes on to the form. */
function Ways({ ways, chosen, onPoint, onChoose }: WaysProps) {
  return (
    <fieldset class="ways">
      <legend class="unseen">{loginTexts.value.enterAs}</legend>
      {ways.map((one) => (
        <label key={one}>
          <input
            type="radio"
            name="way"
            checked={chosen === one}
            onClick={(event) => {
              // The arrow keys click, too, zero times.
              onPoint(event.detail > 0);
            }}
            onChange={() => {
              onChoose(one);
            }}
          />
          <span>{loginTexts.value[one]}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface LoginFormProps {
  readonly way: Way;
  readonly lengths: Lengths;
  /** Somebody who comes, or who pointed at a way, writes next. */
  readonly isFocused: boolean;
}

function LoginForm({ way, lengths, isFocused }: LoginFormProps) {
  const [stay, setStay] = useState(false);
  const { form, busy, fault, submit } = useSubmit(way, lengths);
  const words = loginTexts.value;
  useEffect(() => {
    if (isFocused) fieldOf(form.current, 'username')?.focus();
  }, []);
  return (
    <form
      ref={form}
      // The browser would complain in its own language, and not of every rule.
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit();
      }}
    >
      <NameField way={way} fault={fault} />
      {way === 'guest' ? (
        <>
          <p class="hint">{words.guestHint}</p>
          <p class="hint" id="guest-warning">
            {stay ? words.guestEndsWithLogOut : words.guestEndsWithTab}
          </p>
        </>
      ) : (
        <PasswordField way={way} fault={fault} lengths={lengths} />
      )}
      <label class="choice">
        <input
          name="stay"
          type="checkbox"
          checked={stay}
          onChange={(event) => {
            setStay(event.currentTarget.checked);
          }}
        />
        <span>{words.stay}</span>
      </label>
      {fault !== null && (
        <p class="fault" id="fault" role="alert">
          {fault.text(loginTexts.value)}
        </p>
      )}
      <button class="primary" type="submit" aria-disabled={busy}>
        {busy ? words.oneMoment : words[`${way}Now`]}
      </button>
    </form>
  );
}

function useSubmit(way: Way, lengths: Lengths) {
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);

  /** Shows it, and goes where it is to be mended. */
  const fail = (found: Fault): void => {
    setFault(found);
    if (found.field === null) return;
    const field = fieldOf(form.current, found.field);
    field?.focus();
    field?.select();
  };

  const submit = async (): Promise<void> => {
    const data = new FormData(form.current ?? undefined);
    const request: Request = {
      way,
      username: textOf(data, 'username').trim(),
      password: textOf(data, 'password'),
    };
    const found = faultOf(request, lengths);
    if (found !== null) {
      fail(found);
      return;
    }
    setBusy(true);
    setFault(null);
    const answer = await asking(request, lengths);
    if ('fault' in answer) {
      setBusy(false);
      fail(answer.fault);
      return;
    }
    const choseName = request.username !== '';
    await enter(answer.tokens, {
      stay: data.has('stay'),
      guest: way === 'guest' ? { choseName } : null,
    });
  };
  return { form, busy, fault, submit };
}

function NameField({ way, fault }: { way: Way; fault: Fault | null }) {
  const isGuest = way === 'guest';
  const isInvalid = fault?.field === 'username';
  return (
    <label class="field">
      <span>{isGuest ? loginTexts.value.guestName : loginTexts.value.username}</span>
      <input
        name="username"
        type="text"
        required={!isGuest}
        autocomplete={isGuest ? 'nickname' : 'username'}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={isInvalid}
        aria-describedby={describedBy(isInvalid && 'fault', isGuest && 'guest-warning')}
      />
    </label>
  );
}

const SHOWN = { type: 'text' } as const;
const HIDDEN = { type: 'password' } as const;

interface PasswordFieldProps {
  readonly way: Way;
  readonly fault: Fault | null;
  readonly lengths: Lengths;
}

function PasswordField({ way, fault, lengths }: PasswordFieldProps) {
  const [shown, setShown] = useState(false);
  const words = loginTexts.value;
  const isNew = way === 'register';
  const isInvalid = fault?.field === 'password';
  const hint = isNew && lengths !== null ? words.passwordHint(lengths.password.min) : null;
  return (
    <div class="field">
      <label for="password">{words.password}</label>
      <div class="password">
        <input
          id="password"
          name="password"
          {...(shown ? SHOWN : HIDDEN)}
          required
          autocomplete={isNew ? 'new-password' : 'current-password'}
          aria-invalid={isInvalid}
          aria-describedby={describedBy(isInvalid && 'fault', hint !== null && 'password-hint')}
        />
        <button
          class="plain"
          type="button"
          aria-label={words.showPassword}
          aria-pressed={shown}
          onClick={() => {
            setShown(!shown);
          }}
        >
          <Icon name="eye" />
        </button>
      </div>
      {hint !== null && (
        <p class="hint" id="password-hint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The ids of what is there to describe a field. */
function describedBy(...ids: readonly (string | false)[]): string | undefined {
  const there = ids.filter((id) => id !== false);
  return there.length === 0 ? undefined : there.join(' ');
}

function fieldOf(form: HTMLFormElement | null, name: Field): HTMLInputElement | null {
  return form?.querySelector<HTMLInputElement>(`input[name=${name}]`) ?? null;
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
