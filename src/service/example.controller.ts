import { Controller, Get, SetMetadata, UseGuards } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { LoopbackGuard } from '../access/loopback.guard.js';
import { Public } from '../access/public.decorator.js';
import { CurrentUser, Roles, Scopes } from '../access/route-decorators.js';
import { Describe, SWAGGER_KEYS } from '../http/api-docs.js';
import type { AuthUser } from '../kernel/auth-context.js';

class PublicExampleReply {
  @ApiProperty({ description: 'The same for every caller.', example: 'Every caller can read this.' })
  message!: string;
}

class ProtectedExampleReply {
  @ApiProperty({ description: 'Greeting for the user.', example: 'hello, ada@example.com' })
  message!: string;

  @ApiProperty({ description: 'Id of the user.', format: 'uuid' })
  userId!: string;
}

/** Routes to try the guard on, and to copy from. Development only, and to this machine only. */
@Controller('example')
@SetMetadata(SWAGGER_KEYS.tags, ['Development'])
@UseGuards(LoopbackGuard)
export class ExampleController {
  @Describe({
    summary: 'Public example',
    answers: { 200: { description: 'A message.', type: PublicExampleReply } },
    errors: ['not_found'],
  })
  @Get('public')
  @Public()
  readPublicExample(): PublicExampleReply {
    return { message: 'Every caller can read this.' };
  }

  @Describe({
    summary: 'Example for users and machines',
    answers: { 200: { description: 'A greeting.', type: ProtectedExampleReply } },
    errors: ['not_found'],
  })
  @Get('protected')
  @Scopes()
  readProtectedExample(@CurrentUser() user: AuthUser): ProtectedExampleReply {
    return { message: `hello, ${user.email ?? user.name}`, userId: user.id };
  }

  @Describe({
    summary: 'Example for users, and for machines with a scope',
    description: 'An API key or certificate must have the scope `example:read`.',
    answers: { 200: { description: 'A greeting.', type: ProtectedExampleReply } },
    errors: ['forbidden', 'not_found'],
  })
  @Get('scoped')
  @Scopes('example:read')
  readScopedExample(@CurrentUser() user: AuthUser): ProtectedExampleReply {
    return { message: `hello, ${user.email ?? user.name}`, userId: user.id };
  }

  @Describe({
    summary: 'Example for admins',
    answers: { 200: { description: 'A greeting.', type: ProtectedExampleReply } },
    errors: ['forbidden', 'not_found'],
  })
  @Get('admin')
  @Roles('admin')
  readAdminExample(@CurrentUser() user: AuthUser): ProtectedExampleReply {
    return { message: `hello, admin ${user.email}`, userId: user.id };
  }
}
