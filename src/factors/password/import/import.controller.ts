import { Body, HttpCode, Post, Req } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, ValidateNested } from 'class-validator';
import { FreshProof } from '../../../access/fresh-proof.js';
import { CurrentAuth, Roles } from '../../../access/route-decorators.js';
import type { HttpRequest } from '../../../edge/http-exchange.js';
import { Describe } from '../../../http/api-docs.js';
import { AuthController } from '../../../http/auth-controller.js';
import { MaxDepth } from '../../../http/max-depth.decorator.js';
import type { AuthContext } from '../../../kernel/auth-context.js';
import { actorOf } from '../../../security/actor.js';
import { ImportReply } from './import.reply.js';
import { ImportedUserRequest } from './imported-user.request.js';
import { UserImportService } from './user-import.service.js';

class ImportRequest {
  @ApiProperty({
    description: 'Up to 500 users and 100 kB in total; send more in several requests.',
    type: [ImportedUserRequest],
  })
  @MaxDepth(5)
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  @ValidateNested({ each: true })
  @Type(() => ImportedUserRequest)
  users!: ImportedUserRequest[];
}

@AuthController('admin/import', 'Admin')
export class ImportController {
  constructor(
    private readonly imports: UserImportService,
    private readonly freshProof: FreshProof,
  ) {}

  @Describe({
    summary: 'Import users with password hashes of another system',
    description:
      'Hashes of argon2, bcrypt, scrypt (PHC, Django, Werkzeug, better-auth, Firebase), PBKDF2 (Django, passlib, Werkzeug) and ASP.NET Identity are stored unchanged and renewed at the first login. Importing users with roles requires a fresh login or step-up.',
    answers: { 200: { description: 'Number of imported users, and the users that were refused.', type: ImportReply } },
    errors: ['step_up_required', 'forbidden'],
  })
  @Post()
  @Roles('admin')
  @HttpCode(200)
  async importUsers(
    @Body() { users }: ImportRequest,
    @CurrentAuth() auth: AuthContext,
    @Req() request: HttpRequest,
  ): Promise<ImportReply> {
    if (users.some(({ roles }) => roles?.length)) await this.freshProof.assert(auth);
    return this.imports.import(users, actorOf(auth, request));
  }
}
