import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Controller, Get, HttpStatus, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { AddressCost } from '../http/address-cost.js';
import { ClientView } from '../http/client-view.js';
import { Refusal } from '../kernel/refusal.js';
import { contentSecurityPolicy } from './content-security-policy.js';
import { sendFile, servedFolder } from './send-file.js';
import { PAGE_SCRIPT, PAGE_STYLE, renderPage, type SocketDocument } from './documents-page.js';

/** The relative path is the same from the sources and from the build. */
const FOLDER = join(import.meta.dirname, '..', '..', 'docs');
const DOCUMENTS = servedFolder(FOLDER, 'docs');
const SWAGGER_UI = servedFolder(
  dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json')),
  'swagger-ui',
);
const SWAGGER_FILES: ReadonlySet<string> = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);
const OWN_FILES: ReadonlyMap<string, string> = new Map([
  ['page.css', PAGE_STYLE],
  ['page.js', PAGE_SCRIPT],
]);
const REVALIDATE = 'no-cache';

/** Serves the machine-readable contract, and a page that shows it to people. */
@Controller('docs')
export class DocumentsController {
  private readonly page = renderPage(
    JSON.parse(readFileSync(join(FOLDER, 'asyncapi.json'), 'utf8')) as SocketDocument,
  );

  constructor(private readonly views: ClientView) {}

  /** The page's addresses are relative to `…/docs`, wherever that is mounted. */
  @Get()
  @AddressCost(2)
  index(@Req() request: Request, @Res() response: Response): void {
    if (request.path.endsWith('/')) {
      response.redirect(HttpStatus.PERMANENT_REDIRECT, '../docs');
      return;
    }
    const { host } = this.views.of(request);
    response
      .setHeader('Content-Security-Policy', contentSecurityPolicy(host))
      .setHeader('Cache-Control', REVALIDATE)
      .type('text/html')
      .send(this.page);
  }

  @Get('openapi.json')
  @AddressCost(3)
  async openapi(@Res() response: Response): Promise<void> {
    await sendFile(response, DOCUMENTS, 'openapi.json', REVALIDATE);
  }

  @Get('asyncapi.json')
  @AddressCost(3)
  async asyncapi(@Res() response: Response): Promise<void> {
    await sendFile(response, DOCUMENTS, 'asyncapi.json', REVALIDATE);
  }

  /** Swagger UI is large. */
  @Get('assets/:file')
  @AddressCost(20)
  async asset(@Param('file') file: string, @Res() response: Response): Promise<void> {
    const own = OWN_FILES.get(file);
    if (own !== undefined) {
      response.setHeader('Cache-Control', REVALIDATE).type(file).send(own);
    } else if (SWAGGER_FILES.has(file)) {
      await sendFile(response, SWAGGER_UI, file, REVALIDATE);
    } else {
      throw new Refusal('not-found');
    }
  }
}
