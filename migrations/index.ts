import type { MigrationInterface } from 'typeorm';
import { UsersCreate1795237200000 } from './1795237200000-users-create.js';
import { PasswordCreate1795237200010 } from './1795237200010-password-create.js';
import { SessionsCreate1795237200100 } from './1795237200100-sessions-create.js';
import { SessionsCreateAtomicTables1795237200110 } from './1795237200110-sessions-create-atomic-tables.js';
import { JwtCreateSigningKeys1795237200200 } from './1795237200200-jwt-create-signing-keys.js';
import { RevocationCreate1795237200300 } from './1795237200300-revocation-create.js';
import { MailCreateJobs1795237200400 } from './1795237200400-mail-create-jobs.js';
import { AuditCreate1795237200500 } from './1795237200500-audit-create.js';
import { AuditCreateOutbox1795237200510 } from './1795237200510-audit-create-outbox.js';
import { CleanupAddIndexes1795237200520 } from './1795237200520-cleanup-add-indexes.js';
import { LoginCreateLockoutsAndKnownDevices1795237200600 } from './1795237200600-login-create-lockouts-and-known-devices.js';
import { UsersAddSessionEpoch1795237201000 } from './1795237201000-users-add-session-epoch.js';
import { UsersAddBanEndAndSearch1795237203000 } from './1795237203000-users-add-ban-end-and-search.js';
import { SessionsAddImpersonationAndEpoch1795237203100 } from './1795237203100-sessions-add-impersonation-and-epoch.js';
import { AdminCreateBootstrap1795237203200 } from './1795237203200-admin-create-bootstrap.js';
import { LoginAddLockedUser1795237203300 } from './1795237203300-login-add-locked-user.js';
import { LoginCreateEnrolments1795237204000 } from './1795237204000-login-create-enrolments.js';
import { SessionsAddOnlyFor1795237204010 } from './1795237204010-sessions-add-only-for.js';
import { TotpCreate1795237204100 } from './1795237204100-totp-create.js';
import { RecoveryCodeCreate1795237204110 } from './1795237204110-recovery-code-create.js';
import { PasskeyCreate1795237205300 } from './1795237205300-passkey-create.js';
import { UsersAddKind1795240800000 } from './1795240800000-users-add-kind.js';
import { ApiKeyCreate1795240800100 } from './1795240800100-api-key-create.js';
import { MtlsCreateCertificates1795240900000 } from './1795240900000-mtls-create-certificates.js';
import { AuditAddGroupIndex1795240900100 } from './1795240900100-audit-add-group-index.js';
import { UsersCreateUnprovenUsers1795241000000 } from './1795241000000-users-create-unproven-users.js';
import { LoginCreateFactorFailures1795241000300 } from './1795241000300-login-create-factor-failures.js';
import { LoginCreateDeviceHistory1795241000310 } from './1795241000310-login-create-device-history.js';
import { SecurityCreate1795242000000 } from './1795242000000-security-create.js';
import { SessionsAddBound1795243000000 } from './1795243000000-sessions-add-bound.js';
import { UsersAddPartSearch1795243100000 } from './1795243100000-users-add-part-search.js';
import { SessionsAddTransport1795244400000 } from './1795244400000-sessions-add-transport.js';
import { SessionsAddOrdinal1795244500000 } from './1795244500000-sessions-add-ordinal.js';
import { UsersAddDomainIndex1795244510000 } from './1795244510000-users-add-domain-index.js';
import { UsersAddCountedChanges1795245000000 } from './1795245000000-users-add-counted-changes.js';
import { PasswordAddSentAgain1795245000100 } from './1795245000100-password-add-sent-again.js';
import { PasskeyUniqueByUser1795246000000 } from './1795246000000-passkey-unique-by-user.js';
import { UsersAddFields1795247000000 } from './1795247000000-users-add-fields.js';
import { AdminCreateInvitations1795247000100 } from './1795247000100-admin-create-invitations.js';

export {
  AdminCreateBootstrap1795237203200,
  AdminCreateInvitations1795247000100,
  ApiKeyCreate1795240800100,
  AuditAddGroupIndex1795240900100,
  AuditCreate1795237200500,
  AuditCreateOutbox1795237200510,
  CleanupAddIndexes1795237200520,
  JwtCreateSigningKeys1795237200200,
  LoginAddLockedUser1795237203300,
  LoginCreateDeviceHistory1795241000310,
  LoginCreateEnrolments1795237204000,
  LoginCreateFactorFailures1795241000300,
  LoginCreateLockoutsAndKnownDevices1795237200600,
  MailCreateJobs1795237200400,
  MtlsCreateCertificates1795240900000,
  PasskeyCreate1795237205300,
  PasskeyUniqueByUser1795246000000,
  PasswordCreate1795237200010,
  RecoveryCodeCreate1795237204110,
  RevocationCreate1795237200300,
  SecurityCreate1795242000000,
  SessionsAddBound1795243000000,
  SessionsAddImpersonationAndEpoch1795237203100,
  SessionsAddOnlyFor1795237204010,
  SessionsCreate1795237200100,
  SessionsCreateAtomicTables1795237200110,
  TotpCreate1795237204100,
  UsersAddBanEndAndSearch1795237203000,
  UsersAddFields1795247000000,
  UsersAddKind1795240800000,
  UsersAddPartSearch1795243100000,
  UsersAddSessionEpoch1795237201000,
  UsersCreate1795237200000,
  UsersCreateUnprovenUsers1795241000000,
};

/** Every migration, oldest first. Put them into your own DataSource to keep Coatcheck's tables there. */
export const migrations: (new () => MigrationInterface)[] = [
  UsersCreate1795237200000,
  PasswordCreate1795237200010,
  SessionsCreate1795237200100,
  SessionsCreateAtomicTables1795237200110,
  JwtCreateSigningKeys1795237200200,
  RevocationCreate1795237200300,
  MailCreateJobs1795237200400,
  AuditCreate1795237200500,
  AuditCreateOutbox1795237200510,
  CleanupAddIndexes1795237200520,
  LoginCreateLockoutsAndKnownDevices1795237200600,
  UsersAddSessionEpoch1795237201000,
  UsersAddBanEndAndSearch1795237203000,
  SessionsAddImpersonationAndEpoch1795237203100,
  AdminCreateBootstrap1795237203200,
  LoginAddLockedUser1795237203300,
  LoginCreateEnrolments1795237204000,
  SessionsAddOnlyFor1795237204010,
  TotpCreate1795237204100,
  RecoveryCodeCreate1795237204110,
  PasskeyCreate1795237205300,
  UsersAddKind1795240800000,
  ApiKeyCreate1795240800100,
  MtlsCreateCertificates1795240900000,
  AuditAddGroupIndex1795240900100,
  UsersCreateUnprovenUsers1795241000000,
  LoginCreateFactorFailures1795241000300,
  LoginCreateDeviceHistory1795241000310,
  SecurityCreate1795242000000,
  SessionsAddBound1795243000000,
  UsersAddPartSearch1795243100000,
  SessionsAddTransport1795244400000,
  SessionsAddOrdinal1795244500000,
  UsersAddDomainIndex1795244510000,
  UsersAddCountedChanges1795245000000,
  PasswordAddSentAgain1795245000100,
  PasskeyUniqueByUser1795246000000,
  UsersAddFields1795247000000,
  AdminCreateInvitations1795247000100,
];
