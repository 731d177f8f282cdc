import type { Room } from '../config/room.js';
import { Admission } from './admission.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';
import { LoginOutcomes, loginFigures } from './login-outcomes.js';

export const loginRoom: Room = {
  name: 'login',
  controllers: [LoginController],
  figures: { inject: [LoginOutcomes], useFactory: loginFigures },
  providers: [Admission, LoginOutcomes, LoginService],
};
