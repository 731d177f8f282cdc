import { Get, Post } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { CurrentExchange, type Exchange } from '../access/replier.js';
import { PageController } from '../pages/page-controller.js';
import { type PageView, type SeeOther, seeOther, view } from '../pages/page-view.js';
import { LogoutService } from './logout.service.js';

@PageController('', 'sign-in')
export class SignOutPage {
  constructor(private readonly logoutService: LogoutService) {}

  @Post('sign-out')
  @Public()
  async signOut(@CurrentExchange() exchange: Exchange): Promise<SeeOther> {
    await this.logoutService.logout(exchange);
    // Of what the browser has kept, nothing is to be seen by going back.
    exchange.replier.header('Clear-Site-Data', '"cache"');
    return seeOther('/signed-out');
  }

  @Get('signed-out')
  @Public()
  showSignedOut(): PageView {
    return view('signed-out');
  }
}
