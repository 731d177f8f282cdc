import type { Room } from '../config/room.js';
import { Admission } from './admission.js';
import { LoginController } from './login.controller.js';
import { LoginService } from './login.service.js';

export const loginRoom: Room = {
  name: 'login',
  controllers: [LoginController],
  providers: [Admission, LoginService],
};
