import type { Type } from '@nestjs/common';

const SETTINGS = 'coatcheck:user-field';

/** Who may set a declared field. */
export interface UserFieldSettings {
  /** Whether users may change it by `PATCH /auth/me`. Default false. */
  readonly changeable?: boolean;
  /** Whether only admins and imports may set it; a registration that names it is refused. Default false. */
  readonly adminOnly?: boolean;
}

/**
 * Says who may set a field of the class that `registrationFields` names. Without it a field is set at registration, and changed by admins
 * only.
 *
 * @example
 * class Fields {
 *   @UserField({ changeable: true }) @IsString() @MaxLength(80) company!: string;
 *   @UserField({ adminOnly: true }) @IsOptional() @IsIn(['free', 'paid']) plan?: string;
 * }
 */
export function UserField(settings: UserFieldSettings): PropertyDecorator {
  return (target, key) => Reflect.defineMetadata(SETTINGS, settings, target, key);
}

/** The settings of {@link UserField} for a field. */
export function settingsOf(dto: Type, field: string): UserFieldSettings {
  return Reflect.getMetadata(SETTINGS, dto.prototype, field) ?? {};
}
