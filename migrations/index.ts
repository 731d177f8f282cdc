import type { MigrationInterface } from 'typeorm';
import { DatabaseCreateSchema1795246099900 } from './1795246099900-database-create-schema.js';
import { UsersCreate1795246100000 } from './1795246100000-users-create.js';
import { PasswordCreate1795246100100 } from './1795246100100-password-create.js';
import { SessionsCreate1795246100200 } from './1795246100200-sessions-create.js';
import { CountersCreate1795246100300 } from './1795246100300-counters-create.js';
import { JwtCreate1795246100400 } from './1795246100400-jwt-create.js';
import { RevocationCreate1795246100500 } from './1795246100500-revocation-create.js';
import { MailCreate1795246100600 } from './1795246100600-mail-create.js';
import { AuditCreate1795246100700 } from './1795246100700-audit-create.js';
import { AdminCreate1795246100800 } from './1795246100800-admin-create.js';
import { LockoutCreate1795246100900 } from './1795246100900-lockout-create.js';
import { DevicesCreate1795246101000 } from './1795246101000-devices-create.js';
import { CredentialsCreate1795246101100 } from './1795246101100-credentials-create.js';
import { TotpCreate1795246101200 } from './1795246101200-totp-create.js';
import { RecoveryCodeCreate1795246101300 } from './1795246101300-recovery-code-create.js';
import { PasskeyCreate1795246101400 } from './1795246101400-passkey-create.js';
import { ApiKeyCreate1795246101500 } from './1795246101500-api-key-create.js';
import { MtlsCreate1795246101600 } from './1795246101600-mtls-create.js';
import { SessionsAddClaimsAndMetadata1795247000000 } from './1795247000000-sessions-add-claims-and-metadata.js';
import { UsersAddFields1795247100000 } from './1795247100000-users-add-fields.js';
import { AdminCreateInvitations1795247100100 } from './1795247100100-admin-create-invitations.js';
import { AdminIndexInvitationsBySender1795247100200 } from './1795247100200-admin-index-invitations-by-sender.js';
import { SessionsIndexNewest1795248000000 } from './1795248000000-sessions-index-newest.js';
import { AuditIndexActorAndAddress1795248000100 } from './1795248000100-audit-index-actor-and-address.js';
import { MeasurementsCreate1795249000000 } from './1795249000000-measurements-create.js';
import { AuditAddTransaction1795249000100 } from './1795249000100-audit-add-transaction.js';
import { UsersAddLanguage1795249000300 } from './1795249000300-users-add-language.js';
import { OauthCreateClients1795250000000 } from './1795250000000-oauth-create-clients.js';
import { OauthCreateGrants1795250000100 } from './1795250000100-oauth-create-grants.js';
import { OauthCreateArtifacts1795250000200 } from './1795250000200-oauth-create-artifacts.js';
import { OauthCreateSessionClients1795250000300 } from './1795250000300-oauth-create-session-clients.js';
import { MeasurementsAddDays1795250100000 } from './1795250100000-measurements-add-days.js';
import { AuditCreateCounts1795250100100 } from './1795250100100-audit-create-counts.js';
import { FederatedCreate1795251000000 } from './1795251000000-federated-create.js';
import { OauthCreateFileClients1795251000500 } from './1795251000500-oauth-create-file-clients.js';
import { JwtAddAccessUsedAt1795252000000 } from './1795252000000-jwt-add-access-used-at.js';
import { FederatedAddLogouts1795252000200 } from './1795252000200-federated-add-logouts.js';
import { MailboxCreate1795252100000 } from './1795252100000-mailbox-create.js';
import { UsernamesCreate1795252100100 } from './1795252100100-usernames-create.js';
import { PasskeyAddAutomatic1795253000000 } from './1795253000000-passkey-add-automatic.js';
import { PasskeyAddImported1795253000100 } from './1795253000100-passkey-add-imported.js';
import { UsernamesIndexUsers1795253100000 } from './1795253100000-usernames-index-users.js';

export {
  AdminCreate1795246100800,
  AdminCreateInvitations1795247100100,
  AdminIndexInvitationsBySender1795247100200,
  ApiKeyCreate1795246101500,
  AuditAddTransaction1795249000100,
  AuditCreate1795246100700,
  AuditCreateCounts1795250100100,
  AuditIndexActorAndAddress1795248000100,
  CountersCreate1795246100300,
  CredentialsCreate1795246101100,
  DatabaseCreateSchema1795246099900,
  DevicesCreate1795246101000,
  JwtCreate1795246100400,
  LockoutCreate1795246100900,
  MailboxCreate1795252100000,
  MailCreate1795246100600,
  MeasurementsAddDays1795250100000,
  MeasurementsCreate1795249000000,
  MtlsCreate1795246101600,
  OauthCreateArtifacts1795250000200,
  OauthCreateClients1795250000000,
  OauthCreateFileClients1795251000500,
  OauthCreateGrants1795250000100,
  OauthCreateSessionClients1795250000300,
  PasskeyCreate1795246101400,
  PasswordCreate1795246100100,
  RecoveryCodeCreate1795246101300,
  RevocationCreate1795246100500,
  SessionsAddClaimsAndMetadata1795247000000,
  SessionsCreate1795246100200,
  SessionsIndexNewest1795248000000,
  TotpCreate1795246101200,
  UsernamesCreate1795252100100,
  UsernamesIndexUsers1795253100000,
  UsersAddFields1795247100000,
  UsersAddLanguage1795249000300,
  UsersCreate1795246100000,
};

/** Every migration, oldest first. Put them into your own DataSource to keep Coatcheck's tables there. */
export const migrations: (new () => MigrationInterface)[] = [
  DatabaseCreateSchema1795246099900,
  UsersCreate1795246100000,
  PasswordCreate1795246100100,
  SessionsCreate1795246100200,
  CountersCreate1795246100300,
  JwtCreate1795246100400,
  RevocationCreate1795246100500,
  MailCreate1795246100600,
  AuditCreate1795246100700,
  AdminCreate1795246100800,
  LockoutCreate1795246100900,
  DevicesCreate1795246101000,
  CredentialsCreate1795246101100,
  TotpCreate1795246101200,
  RecoveryCodeCreate1795246101300,
  PasskeyCreate1795246101400,
  ApiKeyCreate1795246101500,
  MtlsCreate1795246101600,
  SessionsAddClaimsAndMetadata1795247000000,
  UsersAddFields1795247100000,
  AdminCreateInvitations1795247100100,
  AdminIndexInvitationsBySender1795247100200,
  SessionsIndexNewest1795248000000,
  AuditIndexActorAndAddress1795248000100,
  MeasurementsCreate1795249000000,
  AuditAddTransaction1795249000100,
  UsersAddLanguage1795249000300,
  OauthCreateClients1795250000000,
  OauthCreateGrants1795250000100,
  OauthCreateArtifacts1795250000200,
  OauthCreateSessionClients1795250000300,
  MeasurementsAddDays1795250100000,
  AuditCreateCounts1795250100100,
  FederatedCreate1795251000000,
  OauthCreateFileClients1795251000500,
  JwtAddAccessUsedAt1795252000000,
  FederatedAddLogouts1795252000200,
  MailboxCreate1795252100000,
  UsernamesCreate1795252100100,
  PasskeyAddAutomatic1795253000000,
  PasskeyAddImported1795253000100,
  UsernamesIndexUsers1795253100000,
];
