import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, Logo } from '../chat/icon.js';
import { LanguageSwitch } from '../language/language-switch.js';
import { texts } from '../language/language.js';
import { type EndReason, enter } from '../session/entry.js';
import { asking, type Fault, type Way, WAYS } from './asking.js';

/** How somebody enters: with an account, with a new one, or as a guest. */
export function LoginScreen({ reason }: { reason: EndReason }) {
  const [way, setWay] = useState<Way>('logIn');
  const words = texts.value;
  useEffect(() => {
    document.title = 'Parley';
  }, []);
  return (
    <main class="login">
      <div class="login-card">
        <header class="login-head">
          <Logo />
          <h1>Parley</h1>
          <p>{words.tagline}</p>
        </header>
        {reason !== null && (
          <p class="login-reason" role="alert">
            {words.ended[reason]}
          </p>
        )}
        <fieldset class="ways">
          <legend class="unseen">{words.enterAs}</legend>
          {WAYS.map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="way"
                checked={way === one}
                onChange={() => {
                  setWay(one);
                }}
              />
              <span>{words[one]}</span>
            </label>
          ))}
        </fieldset>
        <LoginForm key={way} way={way} />
      </div>
      <LanguageSwitch />
    </main>
  );
}

function LoginForm({ way }: { way: Way }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const name = useRef<HTMLInputElement>(null);
  const words = texts.value;
  useEffect(() => {
    name.current?.focus();
  }, []);

  const submit = async (form: HTMLFormElement): Promise<void> => {
    const data = new FormData(form);
    setBusy(true);
    setFault(null);
    const answer = await asking(way, textOf(data, 'username'), textOf(data, 'password'));
    if ('tokens' in answer) {
      enter(answer.tokens, data.has('stay'));
      return;
    }
    setBusy(false);
    setFault(answer.fault);
    name.current?.focus();
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void submit(event.currentTarget);
      }}
    >
      <NameField way={way} input={name} fault={fault} />
      {way === 'guest' ? (
        <p class="hint">{words.guestHint}</p>
      ) : (
        <PasswordField way={way} isInvalid={fault?.field === 'password'} />
      )}
      <label class="stay">
        <input name="stay" type="checkbox" />
        <span>{words.stay}</span>
      </label>
      {fault !== null && (
        <p class="fault" id="fault" role="alert">
          {fault.text(texts.value)}
        </p>
      )}
      <button class="primary" type="submit" aria-disabled={busy}>
        {busy ? words.oneMoment : words[`${way}Now`]}
      </button>
    </form>
  );
}

interface NameFieldProps {
  readonly way: Way;
  readonly input: RefObject<HTMLInputElement | null>;
  readonly fault: Fault | null;
}

function NameField({ way, input, fault }: NameFieldProps) {
  const isGuest = way === 'guest';
  return (
    <label class="field">
      <span>{isGuest ? texts.value.guestName : texts.value.username}</span>
      <input
        ref={input}
        name="username"
        type="text"
        required={!isGuest}
        maxLength={64}
        autocomplete={isGuest ? 'nickname' : 'username'}
        autocapitalize="none"
        spellcheck={false}
        aria-invalid={fault?.field === 'username'}
        aria-describedby={fault === null ? undefined : 'fault'}
      />
    </label>
  );
}

const SHOWN = { type: 'text' } as const;
const HIDDEN = { type: 'password' } as const;

function PasswordField({ way, isInvalid }: { way: Way; isInvalid: boolean }) {
  const [shown, setShown] = useState(false);
  const words = texts.value;
  const isNew = way === 'register';
  return (
    <div class="field">
      <label for="password">{words.password}</label>
      <div class="password">
        <input
          id="password"
          name="password"
          {...(shown ? SHOWN : HIDDEN)}
          required
          minLength={isNew ? 8 : undefined}
          maxLength={128}
          autocomplete={isNew ? 'new-password' : 'current-password'}
          aria-invalid={isInvalid}
          aria-describedby={isNew ? 'password-hint' : undefined}
        />
        <button
          class="plain"
          type="button"
          aria-label={shown ? words.hidePassword : words.showPassword}
          aria-pressed={shown}
          onClick={() => {
            setShown(!shown);
          }}
        >
          <Icon name="eye" />
        </button>
      </div>
      {isNew && (
        <p class="hint" id="password-hint">
          {words.passwordHint}
        </p>
      )}
    </div>
  );
}

function textOf(data: FormData, name: string): string {
  const value = data.get(name);
  return typeof value === 'string' ? value : '';
}
