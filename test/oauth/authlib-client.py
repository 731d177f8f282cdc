"""An application that signs users in with authlib: one order a line, as JSON; one answer a line."""
import json
import sys

import requests
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, JsonWebToken
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken

ALGORITHMS = JsonWebToken(['ES256', 'RS256'])


class Application:
    def configure(self, issuer, id, proof, method, **more):
        self.server = requests.get(issuer + '/.well-known/openid-configuration').json()
        assert self.server['issuer'] == issuer
        self.keys = JsonWebKey.import_key_set(requests.get(self.server['jwks_uri']).json())
        self.session = OAuth2Session(
            id, proof, token_endpoint_auth_method=method, revocation_endpoint_auth_method=method,
            code_challenge_method='S256', **more)
        self.session.metadata['token_endpoint'] = self.server['token_endpoint']
        if method == 'private_key_jwt':
            self.session.register_client_auth_method(PrivateKeyJWT(self.server['token_endpoint']))
        return {}

    def authorize(self, nonce, verifier, **more):
        self.nonce, self.verifier = nonce, verifier
        url, self.state = self.session.create_authorization_url(
            self.server['authorization_endpoint'], nonce=nonce, code_verifier=verifier, **more)
        return {'url': url}

    def answered(self, address):
        tokens = self.session.fetch_token(
            self.server['token_endpoint'], authorization_response=address, state=self.state, code_verifier=self.verifier)
        return {'tokens': tokens, 'claims': self._read(tokens)}

    def refresh(self):
        return {'tokens': self.session.refresh_token(self.server['token_endpoint'])}

    def userinfo(self):
        answer = self.session.get(self.server['userinfo_endpoint'])
        return {'status': answer.status_code, 'user': answer.json()}

    def introspect(self, token):
        return self.session.introspect_token(self.server['introspection_endpoint'], token=token).json()

    def revoke(self, token):
        return {'status': self.session.revoke_token(self.server['revocation_endpoint'], token=token).status_code}

    def act(self, **more):
        return {'tokens': self.session.fetch_token(self.server['token_endpoint'], grant_type='client_credentials', **more)}

    def _read(self, tokens):
        claims = ALGORITHMS.decode(
            tokens['id_token'], key=self.keys, claims_cls=CodeIDToken,
            claims_options={'iss': {'essential': True, 'value': self.server['issuer']},
                            'aud': {'essential': True, 'value': self.session.client_id}},
            claims_params={'nonce': self.nonce, 'client_id': self.session.client_id})
        claims.validate(leeway=5)
        return dict(claims)


application = Application()
for line in sys.stdin:
    order = json.loads(line)
    try:
        answer = getattr(application, order.pop('do'))(**order)
    except Exception as error:  # what it says is what the test looks at
        answer = {'error': str(error)}
    print(json.dumps(answer), flush=True)
