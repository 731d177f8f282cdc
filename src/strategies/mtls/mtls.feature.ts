import { CertificateBinding } from '../../access/certificate-binding.js';
import type { Feature } from '../../config/feature.js';
import { deleting } from '../../kernel/cleanup-task.js';
import { defineTemplates } from '../../pages/define-templates.js';
import { CertificateEntity } from './certificate.entity.js';
import { CertificateHolding } from './certificate.holding.js';
import { CertificatePersonalData } from './certificate.personal-data.js';
import { CertificateNameEntity } from './certificate-name.entity.js';
import { CertificateRecords } from './certificate-records.js';
import { CertificateResolver } from './certificate-resolver.js';
import { CertificateVerifier } from './certificate-verifier.js';
import { CertificatesController } from './certificates.controller.js';
import { CertificatesPage } from './certificates.page.js';
import { USER_CERTIFICATES, USER_CERTIFICATES_SAMPLE } from './certificates.template.js';
import { certificatesWords } from './certificates.words.js';
import { ClientCertificates } from './client-certificates.js';
import { MtlsStrategy } from './mtls.strategy.js';
import { mtlsEvents } from './mtls-events.js';
import { mtlsOptions } from './mtls-options.js';
import { ServiceCertificates } from './service-certificates.js';
import { Trust } from './trust.js';

const DAY = 86_400;

/** `AUTH_STRATEGIES=mtls`: certificates of machines; and the certificates that tokens are bound to. */
export const mtlsFeature: Feature = {
  name: 'mtls',
  events: mtlsEvents,
  options: mtlsOptions,
  entities: [CertificateEntity, CertificateNameEntity],
  controllers: [CertificatesController, CertificatesPage],
  words: certificatesWords,
  pages: defineTemplates({
    'admin-user-certificates': { source: USER_CERTIFICATES, sample: USER_CERTIFICATES_SAMPLE },
  }),
  cleanups: { useFactory: () => [deleting('certificates', 'not_after', 30 * DAY)] },
  holdings: { certificates: CertificateHolding },
  personalData: { certificates: CertificatePersonalData },
  providers: [
    ClientCertificates,
    { provide: CertificateBinding, useExisting: ClientCertificates },
    Trust,
    CertificateVerifier,
    CertificateRecords,
    CertificateResolver,
    ServiceCertificates,
  ],
  strategies: { mtls: MtlsStrategy },
};
