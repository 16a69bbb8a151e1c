import { texts } from './language/language.js';
import { lazy } from './lazy.js';
import { screen } from './session/entry.js';

const STAGES = { Before: Starting, Failed: Broken };

/** Whoever is logged in already does not need it. */
const LoginScreen = lazy(async () => (await import('./login/login-screen.js')).LoginScreen, STAGES);
const ChatScreen = lazy(async () => (await import('./chat/chat-screen.js')).ChatScreen, STAGES);

export function App() {
  switch (screen.value.name) {
    case 'starting':
      return <Starting />;
    case 'broken':
      return <Broken />;
    case 'login':
      return <LoginScreen reason={screen.value.reason} />;
    case 'chat':
      return <ChatScreen key={screen.value.chat.self.id} chat={screen.value.chat} />;
  }
}

/** As index.html has it until this runs. */
function Starting() {
  return <p class="starting">Parley…</p>;
}

function Broken() {
  return (
    <p class="starting" role="alert">
      {texts.value.partFailed}{' '}
      <button
        class="small"
        type="button"
        onClick={() => {
          location.reload();
        }}
      >
        {texts.value.tryAgain}
      </button>
    </p>
  );
}
