import { type EntryOptions, RestError } from '@parley/client';
import { useEffect, useState } from 'preact/hooks';
import { rest } from '../session/entry.js';
import { type Way, WAYS } from './asking.js';
import type { Lengths } from './rules.js';

interface Offer {
  readonly ways: readonly Way[];
  readonly lengths: Lengths;
}

/** Before the service has told: the way that is always open. */
const AT_FIRST: Offer = { ways: ['logIn'], lengths: null };
/** It could not tell: what is closed is refused when somebody tries it. */
const UNTOLD: Offer = { ways: WAYS, lengths: null };

/** What the form offers and demands: what the settings of the service allow. */
export function useEntryOptions(): Offer {
  const [offer, setOffer] = useState(AT_FIRST);
  useEffect(() => {
    const gone = new AbortController();
    rest
      .until(gone.signal)
      .entryOptions()
      .then(
        (options) => {
          setOffer(offerOf(options));
        },
        (error: unknown) => {
          if (!(error instanceof RestError)) throw error;
          if (!gone.signal.aborted) setOffer(UNTOLD);
        },
      );
    return () => {
      gone.abort();
    };
  }, []);
  return offer;
}

function offerOf({ registration, guests, ...lengths }: EntryOptions): Offer {
  const isOpen: Readonly<Record<Way, boolean>> = {
    logIn: true,
    register: registration,
    guest: guests,
  };
  return { ways: WAYS.filter((way) => isOpen[way]), lengths };
}
