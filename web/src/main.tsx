import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/login.css';
import './style/shell.css';
import './style/sidebar.css';
import './style/log.css';
import './style/messages.css';
import './style/message-lists.css';
import './style/files.css';
import './style/composer.css';
import './style/modal.css';
import './style/states.css';
import './style/forced-colours.css';
import { App } from './app.js';
import { takeFiles } from './conversation/dropped-files.js';
import { keepFocus } from './focus-keeper.js';
import { announceLanguage, beginLanguage, followLanguage } from './language/language.js';
import { keepToday } from './language/today.js';
import { resume } from './session/entry.js';
import { chooseTransport } from './session/transport.js';

const page = document.getElementById('page');
if (page === null) throw new Error('the document has no place for the page');
announceLanguage();
keepFocus(page);
followLanguage();
keepToday();
takeFiles();
// Nothing is said in another language first.
void beginLanguage().then(() => {
  render(<App />, page);
});
void chooseTransport().then(resume);
