/** The page's start: puts the console into the document. */

import { render } from 'preact';
import { openLive } from './data/live.ts';
import { App } from './parts/App.tsx';

const place = document.getElementById('app');
if (place !== null) render(<App live={openLive(new AbortController().signal)} />, place);
