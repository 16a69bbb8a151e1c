import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { filesOrigin } from '../config/s3-settings.js';
import { SETTINGS, type Settings } from '../config/settings.js';
import { AddressCost } from '../http/address-cost.js';
import { ClientView } from '../http/client-view.js';
import { contentSecurityPolicy } from './content-security-policy.js';
import { sendFile, servedFolder } from './send-file.js';

/** DI token: the folder of the built page. */
export const PAGE_FOLDER = Symbol('PAGE_FOLDER');

const NOT_BUILT =
  'The page is not built. Run: npm run build\n页面尚未构建，请运行：npm run build\n';
const FOR_EVER = 'public, max-age=31536000, immutable';

/** Serves the chat page as the build made it. */
@Controller()
export class PageController {
  private readonly files: string | null;

  constructor(
    @Inject(PAGE_FOLDER) private readonly folder: string,
    private readonly views: ClientView,
    @Inject(SETTINGS) settings: Settings,
  ) {
    this.files = filesOrigin(settings.attachments);
  }

  @Get()
  @AddressCost(1)
  async index(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!existsSync(join(this.folder, 'index.html'))) {
      response.status(404).type('text/plain').send(NOT_BUILT);
      return;
    }
    const { host } = this.views.of(request);
    response.setHeader('Content-Security-Policy', contentSecurityPolicy(host, this.files));
    await sendFile(response, servedFolder(this.folder, 'web'), 'index.html', 'no-cache');
  }

  /** An asset's name contains a hash of its content, so it can be cached for ever. */
  @Get('assets/:file')
  @AddressCost(1)
  async asset(@Param('file') file: string, @Res() response: Response): Promise<void> {
    const assets = servedFolder(join(this.folder, 'assets'), 'web/assets');
    await sendFile(response, assets, file, FOR_EVER);
  }

  @Get('favicon.svg')
  @AddressCost(1)
  async icon(@Res() response: Response): Promise<void> {
    const folder = servedFolder(this.folder, 'web');
    await sendFile(response, folder, 'favicon.svg', 'public, max-age=86400');
  }
}
