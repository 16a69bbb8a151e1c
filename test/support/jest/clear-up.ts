import { afterAll } from '@jest/globals';
import { clearUp } from '../leftovers.js';

afterAll(clearUp);
