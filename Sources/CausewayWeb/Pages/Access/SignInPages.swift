import CausewayAPI
import CausewayJSON
import HTTPTypes

/// Sign-in, sign-out, the setup of the first administrator, and the preferences of a browser.
struct SignInPages: Sendable {
    let texts: Texts

    /// - Parameter next: the page after the sign-in.
    static func address(next: String?) -> String {
        guard let next, next != Address.home.text else { return Address.signIn.text }
        return Address.signIn.query([(name: "next", value: next)])
    }

    var routes: [PageRoute] {
        [
            PageRoute(.get, .signIn, isOpen: true) { try await show($0) },
            PageRoute(.post, .signIn, isOpen: true) { try await signIn($0) },
            PageRoute(.post, .signOut) { try await signOut($0) },
            PageRoute(.get, .setup, isOpen: true) { try await showSetup($0) },
            PageRoute(.post, .setup, isOpen: true) { try await setUp($0) },
            PageRoute(.post, .theme, isOpen: true) { try await setTheme($0) },
            PageRoute(.post, .shortcuts, isOpen: true) { try await setShortcuts($0) },
        ]
    }

    // MARK: Sign-in

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
        let page = SignInPage(next: next, username: username, problem: problem)
        return PageContent(page, title: texts("sign_in.title"))
    }

    /// Only an address of Causeway's own pages: a crafted address must not lead elsewhere.
    private static func next(_ text: String?) -> String {
        guard let text, [Address.home.text, Address.help.text].contains(where: text.hasPrefix), !text.contains(".."),
            text.allSatisfy({ $0.isASCII && !$0.isWhitespace && $0 != "\\" })
        else { return Address.home.text }
        return text
    }

    private func signOut(_ request: PageRequest) async throws -> PageResponse {
        let answer = await request.api.send(.delete, "/causeway/session/")
        var response = PageResponse.redirect(to: .signIn)
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
        var response = PageResponse.redirect(to: .home, done: "set_up")
        response.cookies = answer.cookies
        return response
    }

    private func setupContent(_ token: String, _ typed: FormFields, problem: String?) -> PageContent {
        let page = SetupPage(
            setupToken: token,
            username: typed["username"] ?? "",
            name: typed["name"] ?? "",
            email: typed["email"] ?? "",
            problem: problem
        )
        return PageContent(page, title: texts("setup.title"))
    }

    // MARK: Theme

    private func setTheme(_ request: PageRequest) async throws -> PageResponse {
        let theme = Theme(rawValue: request.form["theme"] ?? "") ?? .system
        var response = PageResponse.redirect(Self.back(request))
        response.cookies = ["\(Preferences.themeCookie)=\(theme.rawValue); Path=/; SameSite=Lax; Max-Age=31536000"]
        return response
    }

    /// The page on which a preference was set; only one of Causeway's own.
    private static func back(_ request: PageRequest) -> String {
        guard let back = request.form["back"], !back.contains("\\"), !back.hasPrefix("//"),
            back.hasPrefix("/if/") || back.hasPrefix(Address.help.text)
        else { return Address.home.text }
        return back
    }

    // MARK: Shortcuts

    /// Turns the shortcut that is a single character on or off (WCAG 2.1, success criterion 2.1.4).
    private func setShortcuts(_ request: PageRequest) async throws -> PageResponse {
        let value = request.form["shortcuts"] == "off" ? "off" : "on"
        var response = PageResponse.redirect(Self.back(request))
        response.cookies = ["\(Preferences.shortcutsCookie)=\(value); Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000"]
        return response
    }
}

/// The template `sign-in`.
struct SignInPage: PageModel {
    static let template = "sign-in"

    /// The page after the sign-in.
    let next: String
    let username: String
    let problem: String?
}

/// The template `setup`.
struct SetupPage: PageModel {
    static let template = "setup"

    let setupToken: String
    let username: String
    let name: String
    let email: String
    let problem: String?
}
