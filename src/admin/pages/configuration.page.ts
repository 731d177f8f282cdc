import { Get } from '@nestjs/common';
import { Options } from '../../config/options.js';
import { AdminPage } from '../../pages/admin-page.js';
import { type PageView, view } from '../../pages/page-view.js';

@AdminPage('configuration')
export class ConfigurationPage {
  constructor(private readonly options: Options) {}

  @Get()
  show(): PageView {
    return view('admin-configuration', { sections: this.options.shown() });
  }
}
