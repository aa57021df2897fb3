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
            PageRoute(.get, .signInLink, isOpen: true) { try await showLink($0) },
            PageRoute(.post, .signInLink, isOpen: true) { try await signInWithLink($0) },
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
            let problem = answer.problem(texts)
            let content = signInContent(request.form["next"] ?? "", username: username, problem: problem)
            return .page(content, status: answer.status == 429 ? 429 : 422)
        }
        var response = PageResponse.redirect(Self.next(request.form["next"]))
        response.cookies = answer.cookies
        return response
    }

    private func signInContent(_ next: String, username: String, problem: String?) -> PageContent {
        let note = next.contains("kept=") ? texts("sign_in.kept") : nil
        let page = SignInPage(next: next, username: username, problem: problem, note: note)
        return PageContent(page, title: title("sign_in", hasProblem: problem != nil))
    }

    private func title(_ page: String, hasProblem: Bool) -> String {
        let title = texts("\(page).title")
        return hasProblem ? texts("forms.error_title", ["title": title]) : title
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

    // MARK: A sign-in link

    /// Opening the page does not use the link up: a browser that loads it ahead, or again, does not sign in. The form's button does.
    private func showLink(_ request: PageRequest) async throws -> PageResponse {
        .page(linkContent(request.query["key"] ?? "", problem: nil))
    }

    private func signInWithLink(_ request: PageRequest) async throws -> PageResponse {
        let key = request.form["key"] ?? ""
        let answer = await request.api.send(.post, "/causeway/session/link/", ["key": .string(key)])
        guard answer.status == 201 else {
            return .page(linkContent(key, problem: answer.problem(texts)), status: answer.status == 429 ? 429 : 422)
        }
        var response = PageResponse.redirect(to: .home)
        response.cookies = answer.cookies
        return response
    }

    private func linkContent(_ key: String, problem: String?) -> PageContent {
        PageContent(SignInLinkPage(key: key, problem: problem), title: texts("sign_in_link.title"))
    }

    // MARK: The first administrator

    private func showSetup(_ request: PageRequest) async throws -> PageResponse {
        .page(setupContent(request.query["token"] ?? "", request.query))
    }

    private func setUp(_ request: PageRequest) async throws -> PageResponse {
        func text(_ name: String) -> String { request.form[name] ?? "" }
        guard text("password") == text("password_again") else {
            let errors = SetupPage.Errors(passwordAgain: texts("setup.passwords_differ"))
            return .page(setupContent(text("setup_token"), request.form, errors), status: 422)
        }
        var body: [String: JSONValue] = ["token": .string(text("setup_token")), "password": .string(text("password"))]
        for name in ["username", "name", "email"] where !text(name).isEmpty { body[name] = .string(text(name)) }
        let answer = await request.api.send(.post, "/causeway/setup/", .object(body))
        guard answer.status == 201 else {
            let errors = SetupPage.Errors(answer, texts)
            let whole = errors.isEmpty ? answer.problem(texts) : nil
            return .page(setupContent(text("setup_token"), request.form, errors, whole: whole), status: 422)
        }
        var response = PageResponse.redirect(to: .home, done: "set_up")
        response.cookies = answer.cookies
        return response
    }

    private func setupContent(
        _ token: String,
        _ typed: FormFields,
        _ errors: SetupPage.Errors = SetupPage.Errors(),
        whole: String? = nil
    ) -> PageContent {
        let hasProblem = !errors.isEmpty || whole != nil
        let messages = errors.messages.map { field, message in
            FormModel.Message(address: "#\(field)", message: "\(texts("setup.labels.\(field)")): \(message)")
        }
        let page = SetupPage(
            setupToken: token,
            username: typed["username"] ?? "",
            name: typed["name"] ?? "",
            email: typed["email"] ?? "",
            problems: hasProblem ? FormModel.Problems(whole: whole, fields: messages) : nil,
            errors: errors
        )
        return PageContent(page, title: title("setup", hasProblem: hasProblem))
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
    /// A sentence about what comes after the sign-in.
    var note: String?
}

/// The template `sign-in-link`.
struct SignInLinkPage: PageModel {
    static let template = "sign-in-link"

    let key: String
    let problem: String?
}

/// The template `setup`.
struct SetupPage: PageModel {
    static let template = "setup"

    let setupToken: String
    let username: String
    let name: String
    let email: String
    let problems: FormModel.Problems?
    let errors: Errors

    /// What is wrong with the fields.
    struct Errors: TemplateValue {
        var setupToken: String?
        var username: String?
        var email: String?
        var password: String?
        var passwordAgain: String?

        /// The messages by field, in the order of the form.
        var messages: [(field: String, message: String)] {
            let all = [
                ("setup_token", setupToken), ("username", username), ("email", email), ("password", password),
                ("password_again", passwordAgain),
            ]
            return all.compactMap { field, message in message.map { (field, $0) } }
        }

        var isEmpty: Bool { messages.isEmpty }
    }
}

extension SetupPage.Errors {
    init(_ answer: APIAnswer, _ texts: Texts) {
        setupToken = answer.error(of: "token", texts)
        username = answer.error(of: "username", texts)
        email = answer.error(of: "email", texts)
        password = answer.error(of: "password", texts)
    }
}
