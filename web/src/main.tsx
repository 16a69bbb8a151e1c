import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/login.css';
import './style/shell.css';
import './style/sidebar.css';
import './style/log.css';
import './style/composer.css';
import './style/download.css';
import { App } from './app.js';
import { announceLanguage } from './language/language.js';
import { resume } from './session/entry.js';
import { chooseTransport } from './session/transport.js';

const page = document.getElementById('page');
if (page === null) throw new Error('the document has no place for the page');
announceLanguage();
render(<App />, page);
void chooseTransport().then(resume);
