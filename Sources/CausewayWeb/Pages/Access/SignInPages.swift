import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Signing in and out, the first administrator, and the theme.
struct SignInPages: Sendable {
    let texts: Texts

    private static let address = "/if/sign-in/"
    private static let home = "/if/admin/"

    /// - Parameter next: where to go afterwards.
    static func address(next: String?) -> String {
        guard let next, next != home else { return address }
        return "\(address)?\(QueryText.text(of: [(name: "next", value: next)]))"
    }

    var routes: [PageRoute] {
        [
            PageRoute(.get, Self.address, isOpen: true) { try await show($0) },
            PageRoute(.post, Self.address, isOpen: true) { try await signIn($0) },
            PageRoute(.post, "/if/sign-out/") { try await signOut($0) },
            PageRoute(.get, "/if/setup/", isOpen: true) { try await showSetup($0) },
            PageRoute(.post, "/if/setup/", isOpen: true) { try await setUp($0) },
            PageRoute(.post, "/if/theme/", isOpen: true) { try await setTheme($0) },
        ]
    }

    // MARK: Signing in

    private func show(_ request: PageRequest) async throws -> PageResponse {
        if request.session != nil { return .redirect(Self.next(request.query["next"])) }
        return .page(signInContent(request.query["next"] ?? "", username: "", problem: nil))
    }

    private func signIn(_ request: PageRequest) async throws -> PageResponse {
        let username = request.form["username"] ?? ""
        let answer = await request.api.send(
            .post,
            "/causeway/session/",
            [
                "username": .string(username), "password": .string(request.form["password"] ?? ""),
                "code": .string(request.form["code"] ?? ""),
            ]
        )
        guard answer.status == 201 else {
            let content = signInContent(request.form["next"] ?? "", username: username, problem: answer.problem)
            return .page(content, status: answer.status == 429 ? 429 : 422)
        }
        var response = PageResponse.redirect(Self.next(request.form["next"]))
        response.cookies = answer.cookies
        return response
    }

    private func signInContent(_ next: String, username: String, problem: String?) -> PageContent {
        PageContent(
            "sign-in",
            title: texts("sign_in.title"),
            ["next": .string(next), "username": .string(username), "problem": JSONValue(problem)]
        )
    }

    /// Only Causeway's own pages: a crafted address must not lead elsewhere.
    private static func next(_ text: String?) -> String {
        guard let text, text.hasPrefix("/if/admin/"), !text.contains(".."),
            text.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "\\" })
        else { return home }
        return text
    }

    private func signOut(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, "/causeway/session/")
        var response = PageResponse.redirect(Self.address)
        response.cookies = answer.cookies
        return response
    }

    // MARK: The first administrator

    private func showSetup(_ request: PageRequest) async throws -> PageResponse {
        .page(setupContent(request.query["token"] ?? "", request.query, problem: nil))
    }

    private func setUp(_ request: PageRequest) async throws -> PageResponse {
        func text(_ name: String) -> String { request.form[name] ?? "" }
        guard text("password") == text("password_again") else {
            let content = setupContent(text("setup_token"), request.form, problem: texts("setup.passwords_differ"))
            return .page(content, status: 422)
        }
        var body: [String: JSONValue] = ["token": .string(text("setup_token")), "password": .string(text("password"))]
        for name in ["username", "name", "email"] where !text(name).isEmpty { body[name] = .string(text(name)) }
        let answer = await request.api.send(.post, "/causeway/setup/", .object(body))
        guard answer.status == 201 else {
            return .page(setupContent(text("setup_token"), request.form, problem: answer.problem), status: 422)
        }
        var response = PageResponse.redirect(Self.home, done: "set_up")
        response.cookies = answer.cookies
        return response
    }

    private func setupContent(_ token: String, _ typed: FormFields, problem: String?) -> PageContent {
        var values: [String: JSONValue] = ["setup_token": .string(token), "problem": JSONValue(problem)]
        for name in ["username", "name", "email"] { values[name] = .string(typed[name] ?? "") }
        return PageContent("setup", title: texts("setup.title"), values)
    }

    // MARK: Theme

    private func setTheme(_ request: PageRequest) async throws -> PageResponse {
        let theme = Preferences.Theme(rawValue: request.form["theme"] ?? "") ?? .system
        let back = request.form["back"].map { $0.hasPrefix("/if/") && !$0.contains("\\") ? $0 : Self.home } ?? Self.home
        var response = PageResponse.redirect(back)
        response.cookies = ["\(Preferences.themeCookie)=\(theme.rawValue); Path=/; SameSite=Lax; Max-Age=31536000"]
        return response
    }
}
