import type { Room } from '../config/room.js';
import { Caretaker } from './caretaker.js';
import { upkeepOptions } from './upkeep-options.js';

export const upkeepRoom: Room = { name: 'upkeep', options: upkeepOptions, providers: [Caretaker] };
