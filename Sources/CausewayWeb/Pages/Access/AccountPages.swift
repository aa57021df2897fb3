import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The signed-in user's own account: the authenticator as a second factor.
struct AccountPages: Sendable {
    let texts: Texts

    private static let authenticator = Address.account("authenticator")

    var routes: [PageRoute] {
        [
            PageRoute(.get, .account) { try await show($0) },
            PageRoute(.post, Self.authenticator) { try await begin($0) },
            PageRoute(.post, Self.authenticator("confirm")) { try await confirm($0) },
            PageRoute(.post, Self.authenticator("remove")) { try await remove($0) },
        ]
    }

    /// The authenticator of the signed-in user, as the API returns it.
    private struct AuthenticatorView: Decodable {
        let isSetUp: Bool
        let recoveryCodesLeft: Int
    }

    private func show(
        _ request: PageRequest,
        pending: AccountPage.Pending? = nil,
        codes: [String] = [],
        problem: String? = nil
    ) async throws -> PageResponse {
        let state = try await request.api.get("/causeway/totp/", as: AuthenticatorView.self)
        let page = AccountPage(
            preferences: try await PreferencePages(texts: texts).section(request),
            isSetUp: state.isSetUp,
            codesLeft: texts("account.codes_left", count: state.recoveryCodesLeft),
            pending: pending,
            codes: codes,
            hasCodes: !codes.isEmpty,
            problem: problem
        )
        return .page(PageContent(page, title: texts("account.title")), status: problem == nil ? 200 : 422)
    }

    private func begin(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let answer = await request.api.send(.post, "/causeway/totp/", password)
        guard answer.status == 201 else { return try await refused(answer, request) }
        return try await show(request, pending: Self.pending(try answer.expected(as: SecretView.self).secret, request))
    }

    /// A new authenticator, as the API returns it.
    private struct SecretView: Decodable {
        let secret: String
    }

    /// New recovery codes, as the API returns them.
    private struct CodesView: Decodable {
        let codes: [String]
    }

    /// The secret in groups of four, as people type it.
    private static func pending(_ secret: String, _ request: PageRequest) -> AccountPage.Pending {
        let letters = Array(secret)
        let groups = stride(from: 0, to: letters.count, by: 4).map { start in
            String(letters[start..<min(start + 4, letters.count)])
        }
        let link = OneTimePassword.address(username: request.session?.username ?? "", secret: secret)
        return AccountPage.Pending(
            secret: secret,
            link: link,
            grouped: groups.joined(separator: " "),
            qrCode: QRCode(link)?.drawing
        )
    }

    private func confirm(_ request: PageRequest) async throws -> PageResponse {
        let code: JSONValue = ["code": .string((request.form["code"] ?? "").filter { !$0.isWhitespace })]
        let answer = await request.api.send(.post, "/causeway/totp/confirm/", code)
        guard answer.status == 200 else {
            guard [400, 429].contains(answer.status) else { return try await refused(answer, request) }
            let pending = Self.pending(request.form["secret"] ?? "", request)
            return try await show(request, pending: pending, problem: answer.problem)
        }
        return try await show(request, codes: try answer.expected(as: CodesView.self).codes)
    }

    private func remove(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let answer = await request.api.send(.post, "/causeway/totp/remove/", password)
        guard answer.status == 204 else { return try await refused(answer, request) }
        return .redirect(to: .account, done: "authenticator_removed")
    }

    private func refused(_ answer: APIAnswer, _ request: PageRequest) async throws -> PageResponse {
        guard [400, 429].contains(answer.status) else {
            _ = try answer.expected()
            throw PageError.notFound
        }
        return try await show(request, problem: answer.problem)
    }
}

/// The template `account`.
struct AccountPage: PageModel {
    static let template = "account"

    let preferences: PreferenceSection
    let isSetUp: Bool
    let codesLeft: String
    /// The authenticator during its setup.
    let pending: Pending?
    /// New recovery codes. They are shown once.
    let codes: [String]
    let hasCodes: Bool
    let problem: String?

    struct Pending: TemplateValue {
        let secret: String
        /// The address that opens an authenticator app on this device.
        let link: String
        let grouped: String
        let qrCode: QRCode.Drawing?
    }
}
