import type { Draw } from './chance.ts';
import { pick } from './chance.ts';
import { readTable } from './table.ts';

/** What an event is about: decides its actor, targets and debug data. */
export type Subject =
  | 'sign-in'
  | 'sso'
  | 'mfa'
  | 'user'
  | 'app'
  | 'app-user'
  | 'group'
  | 'policy'
  | 'admin'
  | 'agent'
  | 'token'
  | 'org';

/** A kind of event: Okta's type with one of its outcomes. */
export interface EventKind {
  readonly eventType: string;
  readonly severity: string;
  readonly result: string;
  readonly reason: string | undefined;
  readonly displayMessage: string;
  readonly legacyEventType: string | undefined;
  readonly subject: Subject;
}

/* weight | eventType | severity | result | reason | displayMessage | legacyEventType, under their subject */
const tables: Readonly<Record<Subject, string>> = {
  'sign-in': `
220 | user.session.start | INFO | SUCCESS | | User login to Okta | core.user_auth.login_success
40 | user.session.start | WARN | FAILURE | INVALID_CREDENTIALS | User login to Okta | core.user_auth.login_failed
6 | user.session.start | WARN | FAILURE | LOCKED_OUT | User login to Okta | core.user_auth.login_failed
4 | user.session.start | WARN | DENY | Sign-on policy evaluation resulted in DENY | User login to Okta | core.user_auth.login_denied
60 | user.session.end | INFO | SUCCESS | | User logout from Okta | core.user_auth.logout_success
3 | user.session.clear | INFO | SUCCESS | | Clear user session | core.user_auth.session_clear
90 | policy.evaluate_sign_on | INFO | ALLOW | Sign-on policy evaluation resulted in ALLOW | Evaluation of sign-on policy |
9 | policy.evaluate_sign_on | INFO | CHALLENGE | Sign-on policy evaluation resulted in CHALLENGE | Evaluation of sign-on policy |
20 | user.authentication.verify | INFO | SUCCESS | | Verify user identity |
8 | user.authentication.auth_via_AD_agent | INFO | SUCCESS | | Authenticate user via AD agent | core.user_auth.auth_via_AD_agent
3 | user.authentication.auth_via_IDP | INFO | SUCCESS | | Authenticate user via IDP |
2 | user.authentication.auth_via_radius | INFO | FAILURE | INVALID_CREDENTIALS | Authentication of a user via Radius | app.radius.authentication
1 | user.authentication.slo | INFO | SUCCESS | | User single sign out of app | app.auth.slo
2 | security.request.blocked | WARN | DENY | | Request from suspicious actor | core.user_auth.request_blocked
2 | security.threat.detected | WARN | DENY | Password Spray | Request from suspicious actor | security.threat.detected
1 | user.session.impersonation.initiate | INFO | SUCCESS | | Initiate impersonation session | core.user.impersonation.session.initiated`,
  sso: `
260 | user.authentication.sso | INFO | SUCCESS | | User single sign on to app | app.auth.sso
6 | user.authentication.sso | ERROR | FAILURE | User is not assigned to this application | User single sign on to app | app.auth.sso
7 | app.generic.unauth_app_access_attempt | WARN | FAILURE | | User attempted unauthorized access to app | app.generic.unauth_app_access_attempt
4 | application.policy.sign_on.deny_access | WARN | DENY | Policy denied access | Deny user access due to app sign on policy | app.policy.sign_on.deny_access
24 | app.oauth2.token.grant.id_token | INFO | SUCCESS | | OIDC id token is granted | app.oauth2.token.grant.id_token_success
30 | app.oauth2.as.token.grant.access_token | INFO | SUCCESS | | OAuth2 access token is granted | app.oauth2.as.token.grant.access_token_success
2 | app.oauth2.as.token.grant | WARN | FAILURE | invalid_grant | OAuth2 token request | app.oauth2.as.token.grant_failure
10 | app.oauth2.as.authorize.code | INFO | SUCCESS | | OAuth2 authorization code request | app.oauth2.as.authorize.code_success`,
  mfa: `
110 | user.authentication.auth_via_mfa | INFO | SUCCESS | | Authentication of user via MFA | core.user.factor.attempt_success
18 | user.authentication.auth_via_mfa | WARN | FAILURE | INVALID_CREDENTIALS | Authentication of user via MFA | core.user.factor.attempt_fail
7 | user.mfa.factor.activate | INFO | SUCCESS | User set up OKTA_VERIFY_PUSH factor | Enroll factor for user | core.user.factor.activate
4 | user.mfa.factor.deactivate | INFO | SUCCESS | User reset SMS_FACTOR factor | Reset factor for user | core.user.factor.deactivate
2 | user.mfa.factor.reset_all | INFO | SUCCESS | | Reset all factors for user | core.user.factor.reset_all
1 | user.mfa.factor.suspend | INFO | SUCCESS | | Suspend factor or authenticator enrollment method for user |
2 | user.mfa.factor.update | INFO | SUCCESS | | Update factor for user | core.user.factor.update
20 | system.push.send_factor_verify_push | INFO | SUCCESS | | Send Okta Verify push verification | 
6 | user.mfa.okta_verify.deny_push | INFO | FAILURE | | User rejected Okta push verify | 
2 | user.mfa.attempt_bypass | WARN | SUCCESS | | Attempt bypass of factor | core.user.factor.attempt_bypass
5 | system.sms.send_factor_verify_message | INFO | SUCCESS | | Send second factor auth SMS | core.user.sms.message_sent.factor
6 | system.email.send_factor_verify_message | INFO | SUCCESS | | Send email to user with second factor verification | core.user.email.message_sent.factor_verify`,
  user: `
6 | user.lifecycle.create | INFO | SUCCESS | | Create Okta user | core.user.config.user_creation.success
6 | user.lifecycle.activate | INFO | SUCCESS | | Activate Okta user | core.user.config.user_activated
4 | user.lifecycle.deactivate | INFO | SUCCESS | | Deactivate Okta user | core.user.config.user_deactivated
1 | user.lifecycle.reactivate | INFO | SUCCESS | | Reactivate Okta user | core.user.config.user_reactivated
2 | user.lifecycle.suspend | INFO | SUCCESS | | Suspend Okta user | core.user.config.user_status.suspended
2 | user.lifecycle.unsuspend | INFO | SUCCESS | | Unsuspend Okta user | core.user.config.user_status.unsuspended
1 | user.lifecycle.delete.initiated | WARN | SUCCESS | | Delete Okta user | core.user.config.user_deleted
6 | user.account.lock | WARN | FAILURE | LOCKED_OUT | Max sign in attempts exceeded | core.user_auth.account_locked
3 | user.account.unlock | INFO | SUCCESS | | Unlock user account | core.user_auth.account_unlocked
2 | user.account.unlock_by_admin | INFO | SUCCESS | | Unlock user account for Okta by admin | core.user.account_unlock_by_admin
8 | user.account.reset_password | INFO | SUCCESS | | Fired when the user's Okta password is reset | core.user.config.password_reset.success
3 | user.account.reset_password | WARN | FAILURE | Password requirements were not met | Fired when the user's Okta password is reset | core.user.config.password_reset.failed
10 | user.account.update_password | INFO | SUCCESS | | User update password for Okta | core.user.config.password_update.success
2 | user.account.expire_password | INFO | SUCCESS | | Expire user password | core.user.config.password_expired
8 | user.account.update_profile | INFO | SUCCESS | | Update user profile for Okta | core.user.config.profile_update.success
1 | user.account.report_suspicious_activity_by_enduser | WARN | SUCCESS | | User report suspicious activity |
2 | user.risk.change | INFO | SUCCESS | | Identifies change in user risk level |`,
  app: `
3 | application.lifecycle.create | INFO | SUCCESS | | Create application | app.generic.config.app_created
2 | application.lifecycle.delete | INFO | SUCCESS | | Delete application | app.generic.config.app_deleted
2 | application.lifecycle.deactivate | INFO | SUCCESS | | Deactivate application | app.generic.config.app_deactivated
3 | application.lifecycle.activate | INFO | SUCCESS | | Activate application | app.generic.config.app_activated
8 | application.lifecycle.update | INFO | SUCCESS | | Update application | app.generic.config.app_updated
1 | application.configuration.update | INFO | SUCCESS | | Update application configuration |`,
  'app-user': `
14 | application.user_membership.add | INFO | SUCCESS | | Add user to application membership | app.generic.provision.assign_user_to_app
8 | application.user_membership.remove | INFO | SUCCESS | | Remove user's application membership | app.generic.provision.deassign_user_from_app
3 | application.user_membership.change_username | INFO | SUCCESS | | Change user's application username | app.generic.config.app_username_update
4 | application.provision.user.push_profile | INFO | SUCCESS | | Push user's profile to external application | app.user_management.push_profile_success
2 | application.provision.user.deactivate | ERROR | FAILURE | Automatic deprovisioning failed: HTTP 503 | Deactivate user in external application | app.user_management.deprovision_fail`,
  group: `
12 | group.user_membership.add | INFO | SUCCESS | | Add user to group membership | core.user_group_member.user_add
7 | group.user_membership.remove | INFO | SUCCESS | | Remove user from group membership | core.user_group_member.user_remove
1 | group.lifecycle.create | INFO | SUCCESS | | Create Okta group | core.user_group.create`,
  policy: `
2 | policy.lifecycle.update | INFO | SUCCESS | | Update policy | policy.update.success
2 | policy.rule.update | INFO | SUCCESS | | Update policy rule | policy.rule.update
1 | policy.rule.deactivate | WARN | SUCCESS | | Deactivate policy rule | policy.rule.deactivate
1 | zone.update | INFO | SUCCESS | | Update network zone | network_zone.updated`,
  admin: `
9 | user.session.access_admin_app | INFO | SUCCESS | | User accessing Okta admin app | app.admin.sso.login.success
2 | user.account.privilege.grant | INFO | SUCCESS | | Grant user privilege | core.user.admin_privilege.granted
1 | user.account.privilege.revoke | INFO | SUCCESS | | Revoke user privilege | core.user.admin_privilege.revoked`,
  agent: `
5 | system.agent.ad.connect | INFO | SUCCESS | | Connect AD agent to Okta | app.ad.agent.connect
1 | system.agent.ad.deactivate | WARN | FAILURE | Agent was disconnected | Deactivate AD agent | app.ad.agent.deactivate
6 | system.agent.ad.read_ldap | INFO | SUCCESS | | Perform read LDAP by AD agent |
4 | system.agent.ad.import_user | INFO | SUCCESS | | Perform user import by AD agent | app.ad.import.user
3 | system.agent.ad.reset_user_password | INFO | SUCCESS | | Perform password reset by AD agent |
2 | system.agent.ad.start | INFO | SUCCESS | | Start AD agent | app.ad.agent.start`,
  token: `
2 | system.api_token.create | INFO | SUCCESS | | Create API token | api.token.create
1 | system.api_token.revoke | INFO | SUCCESS | | Revoke API token | api.token.revoke`,
  org: `
3 | system.import.start | INFO | SUCCESS | | Start import | app.import.start
3 | system.import.complete | INFO | SUCCESS | | Complete import | app.import.success
2 | system.org.rate_limit.warning | WARN | SUCCESS | | Rate limit warning | core.framework.ratelimit.warning
1 | system.org.rate_limit.violation | WARN | DENY | | Rate limit violation | core.framework.ratelimit.violation
1 | system.log_stream.lifecycle.create | INFO | SUCCESS | | Create Log Stream |
4 | system.email.delivery | INFO | SUCCESS | | Email delivery status |`,
};

const orUndefined = (cell: string | undefined): string | undefined =>
  cell === '' ? undefined : cell;

function rowsOf(subject: Subject): readonly { weight: number; kind: EventKind }[] {
  return readTable(tables[subject]).map(
    ([
      weight,
      eventType = '',
      severity = '',
      result = '',
      reason,
      displayMessage = '',
      legacy,
    ]) => ({
      weight: Number(weight),
      kind: {
        eventType,
        severity,
        result,
        reason: orUndefined(reason),
        displayMessage,
        legacyEventType: orUndefined(legacy),
        subject,
      },
    }),
  );
}

const subjects: readonly Subject[] = [
  'sign-in',
  'sso',
  'mfa',
  'user',
  'app',
  'app-user',
  'group',
  'policy',
  'admin',
  'agent',
  'token',
  'org',
];

/** Every kind as often as its weight says, so that a plain pick is a weighted one. */
const urn: readonly EventKind[] = subjects
  .flatMap(rowsOf)
  .flatMap(({ weight, kind }) => Array.from({ length: weight }, () => kind));

/** A kind of event, about as often as an ordinary org has it. */
export function drawEventKind(draw: Draw): EventKind {
  return pick(draw, urn);
}
