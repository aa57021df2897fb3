import CausewayAPI
import CausewayJSON
import HTTPTypes

/// The signed-in user's own account: the password, the browsers in which the user is signed in, and the authenticator.
struct AccountPages: Sendable {
    let texts: Texts

    /// The fields of its forms that have secrets.
    static let secrets = ["password", "current_password", "new_password", "new_password_again", "code", "secret"]

    private static let authenticator = Address.account("authenticator")
    private static let sessions = Address.account("sessions")
    private static let password = Address.account("password")

    var routes: [PageRoute] {
        [
            PageRoute(.get, .account) { try await show($0) },
            PageRoute(.post, Self.password) { try await changePassword($0) },
            PageRoute(.post, Self.sessions("others")) { try await endSessions($0, butCurrent: true) },
            PageRoute(.post, Self.sessions("all")) { try await endSessions($0, butCurrent: false) },
            PageRoute(.post, Self.sessions("{id}")("end")) { try await endSession($0) },
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
        password: AccountPage.PasswordErrors = AccountPage.PasswordErrors(),
        problem: String? = nil
    ) async throws -> PageResponse {
        let state = try await request.api.get("/causeway/totp/", as: AuthenticatorView.self)
        let sessions = try await request.api.get("/causeway/sessions/", as: [SessionView].self)
        let page = AccountPage(
            preferences: try await PreferencePages(texts: texts).section(request),
            username: request.session?.username ?? "",
            password: password,
            sessions: (sessions.filter(\.isCurrent) + sessions.filter { !$0.isCurrent }).map(shown),
            hasOthers: sessions.count > 1,
            isSetUp: state.isSetUp,
            codesLeft: texts("account.codes_left", count: state.recoveryCodesLeft),
            pending: pending,
            codes: codes,
            hasCodes: !codes.isEmpty,
            problem: problem
        )
        let title = texts("account.title")
        let content = PageContent(page, title: problem == nil ? title : texts("forms.error_title", ["title": title]))
        return .page(content, status: problem == nil ? 200 : 422)
    }

    // MARK: Password

    private func changePassword(_ request: PageRequest) async throws -> PageResponse {
        let (password, again) = (request.form["new_password"] ?? "", request.form["new_password_again"] ?? "")
        guard password == again else {
            let errors = AccountPage.PasswordErrors(again: texts("setup.passwords_differ"))
            return try await show(request, password: errors, problem: texts("setup.passwords_differ"))
        }
        let answer = await request.api.send(
            .post,
            "/causeway/password/",
            ["current_password": .string(request.form["current_password"] ?? ""), "new_password": .string(password)]
        )
        guard answer.status == 204 else {
            let errors = AccountPage.PasswordErrors(
                current: answer.error(of: "current_password", texts),
                new: answer.error(of: "new_password", texts)
            )
            return try await refused(answer, request, errors)
        }
        var response = PageResponse.redirect(to: .account, done: "password_changed")
        response.cookies = answer.cookies
        return response
    }

    // MARK: Sessions

    /// A browser in which the user is signed in, as the API returns it.
    private struct SessionView: Decodable {
        let id: String
        let clientIp: String
        let userAgent: String
        let created: String
        let lastUsed: String
        let isCurrent: Bool
    }

    private func shown(_ session: SessionView) -> AccountPage.Session {
        AccountPage.Session(
            browser: browser(session.userAgent),
            address: session.clientIp,
            since: ShownTime(session.created),
            lastUsed: ShownTime(session.lastUsed),
            isCurrent: session.isCurrent,
            end: Self.sessions(session.id)("end")
        )
    }

    private func browser(_ userAgent: String) -> String {
        guard let (browser, system) = BrowserName.parts(of: userAgent) else {
            return userAgent.isEmpty ? texts("account.sessions.unknown") : userAgent
        }
        guard let system else { return browser }
        return texts("account.sessions.browser", ["browser": browser, "system": system])
    }

    /// A session that has ended by itself needs no answer.
    private func endSession(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, "/causeway/sessions/\(request.value("id").urlPathPart)/")
        if answer.status != 404 { _ = try answer.expected() }
        return signedOut(answer, done: "session_ended")
    }

    private func endSessions(_ request: PageRequest, butCurrent: Bool) async throws -> PageResponse {
        let answer = await request.api.send(.delete, "/causeway/sessions/?keep_current=\(butCurrent)")
        _ = try answer.expected()
        return signedOut(answer, done: "sessions_ended")
    }

    /// - Parameter answer: has a cookie if this browser's own session ended.
    private func signedOut(_ answer: APIAnswer, done: String) -> PageResponse {
        guard !answer.cookies.isEmpty else { return .redirect(to: .account, done: done) }
        var response = PageResponse.redirect(to: .signIn)
        response.cookies = answer.cookies
        return response
    }

    // MARK: Authenticator

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
            return try await show(request, pending: pending, problem: answer.problem(texts))
        }
        return try await show(request, codes: try answer.expected(as: CodesView.self).codes)
    }

    private func remove(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let answer = await request.api.send(.post, "/causeway/totp/remove/", password)
        guard answer.status == 204 else { return try await refused(answer, request) }
        return .redirect(to: .account, done: "authenticator_removed")
    }

    private func refused(
        _ answer: APIAnswer,
        _ request: PageRequest,
        _ password: AccountPage.PasswordErrors = AccountPage.PasswordErrors()
    ) async throws -> PageResponse {
        guard [400, 429].contains(answer.status) else {
            _ = try answer.expected()
            throw PageError.notFound
        }
        return try await show(request, password: password, problem: answer.problem(texts))
    }
}

/// The template `account`.
struct AccountPage: PageModel {
    static let template = "account"

    let preferences: PreferenceSection
    /// For password managers.
    let username: String
    let password: PasswordErrors
    let sessions: [Session]
    /// Whether the user is signed in elsewhere.
    let hasOthers: Bool
    let isSetUp: Bool
    let codesLeft: String
    /// The authenticator during its setup.
    let pending: Pending?
    /// New recovery codes. They are shown once.
    let codes: [String]
    let hasCodes: Bool
    let problem: String?

    /// What is wrong with the fields of the new password.
    struct PasswordErrors: TemplateValue {
        var current: String?
        var new: String?
        var again: String?
    }

    struct Session: TemplateValue {
        let browser: String
        let address: String
        let since: ShownTime?
        let lastUsed: ShownTime?
        let isCurrent: Bool
        let end: Address
    }

    struct Pending: TemplateValue {
        let secret: String
        /// The address that opens an authenticator app on this device.
        let link: String
        let grouped: String
        let qrCode: QRCode.Drawing?
    }
}
