import CausewayJSON

/// Why the sign-in service gave no token, with what an administrator can do about it.
package struct LoginError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The class of the error.
    package enum Code: Sendable {
        case wrongSecret, expiredSecret, unknownApplication, disabledApplication, unknownTenant, refused
        /// A certificate or federated token that Entra does not know, or that cannot be used.
        case wrongCredential
        /// The clocks differ too much.
        case wrongTime
        /// The service could not be reached, or is unavailable: a retry may help.
        case unavailable
        /// Something else answered instead.
        case foreignAnswer
    }

    package let code: Code
    /// What happened.
    package let sentence: String
    /// What to do about it.
    package let remedy: String

    package var description: String { "\(sentence) \(remedy)" }
}

extension LoginError {
    /// Reads the sign-in service's answer. The AADSTS number only selects the message; the status alone decides what to do next, as
    /// Microsoft advises.
    init(status: Int, body: JSONValue?, tenant: String, clientID: String) {
        let number = body?["error_codes"]?.array?.first?.integer
        if let known = number.flatMap({ Self.known($0, tenant: tenant, clientID: clientID) }) {
            self = known
            return
        }
        let label = number.map { "AADSTS\($0)" } ?? body?["error"]?.string ?? "HTTP status \(status)"
        guard status < 500, status != 429 else {
            self = Self.unavailable("answers with an error (\(label))")
            return
        }
        self.init(
            code: .refused,
            sentence: "Entra refuses the application's sign-in (\(label)).",
            remedy:
                "Look the code up at https://login.microsoftonline.com/error and correct the provider's credentials."
        )
    }

    private static func known(_ number: Int64, tenant: String, clientID: String) -> LoginError? {
        switch number {
        case 7_000_215:
            LoginError(
                code: .wrongSecret,
                sentence: "The client secret is wrong (AADSTS7000215).",
                remedy:
                    "Enter the secret's value, not its id; if it is lost, create a new secret in the app registration."
            )
        case 7_000_222:
            LoginError(
                code: .expiredSecret,
                sentence: "The client secret has expired (AADSTS7000222).",
                remedy: "Create a new secret in the app registration and enter it in the provider."
            )
        case 700_016:
            LoginError(
                code: .unknownApplication,
                sentence: "The tenant has no application with the client id '\(clientID)' (AADSTS700016).",
                remedy: "Compare the client id and the tenant id with the app registration's overview page."
            )
        case 7_000_112:
            LoginError(
                code: .disabledApplication,
                sentence: "The application is disabled in the tenant (AADSTS7000112).",
                remedy: "Enable sign-in for it under Enterprise apps."
            )
        case 90_002, 900_023:
            LoginError(
                code: .unknownTenant,
                sentence: "There is no tenant '\(tenant)' (AADSTS\(number)).",
                remedy: "Enter the tenant id from the app registration's overview page, and check the cloud."
            )
        case 700_027:
            LoginError(
                code: .wrongCredential,
                sentence: "The app registration does not have this certificate (AADSTS700027).",
                remedy: "Upload the certificate under Certificates & secrets, or enter the one that is there."
            )
        case 700_024:
            LoginError(
                code: .wrongTime,
                sentence: "The signed assertion is not valid at Entra's time (AADSTS700024).",
                remedy: "Set this machine's clock; time synchronization may be off."
            )
        case 700_211, 700_212, 700_213:
            LoginError(
                code: .wrongCredential,
                sentence:
                    "No federated credential of the app registration fits the token's "
                    + "\(number == 700_211 ? "issuer" : number == 700_212 ? "audience" : "subject") (AADSTS\(number)).",
                remedy:
                    "Compare issuer, subject and audience with the app registration's federated credentials, character by character."
            )
        case 70_021:
            LoginError(
                code: .wrongCredential,
                sentence: "No federated credential of the app registration fits the token (AADSTS70021).",
                remedy:
                    "A new federated credential takes some minutes to work. If it is older, compare issuer, subject and audience."
            )
        case 53_003:
            LoginError(
                code: .refused,
                sentence: "A Conditional Access policy blocks the application's sign-in (AADSTS53003).",
                remedy:
                    "Exclude the application from the policy, or add this server's address to the policy's named locations."
            )
        default: nil
        }
    }

    /// Something else answered; a retry may help if it is a temporary failure.
    init(_ foreign: NonGraphAnswer) {
        self.init(
            code: foreign.status >= 500 || foreign.status == 429 || foreign.kind == .cut
                ? .unavailable : .foreignAnswer,
            sentence: foreign.sentence(service: NonGraphAnswer.login),
            remedy: foreign.remedy(endpoint: NonGraphAnswer.loginEndpoint)
        )
    }

    /// The request to the sign-in service did not get through a proxy.
    init(_ failure: ProxyFailure) {
        self.init(
            code: failure.isLasting ? .foreignAnswer : .unavailable,
            sentence: failure.sentence,
            remedy: failure.remedy
        )
    }

    static func unavailable(_ what: String) -> LoginError {
        LoginError(
            code: .unavailable,
            sentence: "The sign-in service \(what).",
            remedy: "Check the network, proxies and the provider's endpoints; it will be retried."
        )
    }
}
