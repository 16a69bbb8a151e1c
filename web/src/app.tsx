import { ChatScreen } from './chat/chat-screen.js';
import { LoginScreen } from './login/login-screen.js';
import { screen } from './session/entry.js';

export function App() {
  switch (screen.value.name) {
    case 'starting':
      // As index.html has it until this runs.
      return <p class="starting">Parley…</p>;
    case 'login':
      return <LoginScreen reason={screen.value.reason} />;
    case 'chat':
      return <ChatScreen key={screen.value.chat.self.id} chat={screen.value.chat} />;
  }
}
