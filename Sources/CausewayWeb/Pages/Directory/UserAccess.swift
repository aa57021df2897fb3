import CausewayAPI
import CausewayJSON
import HTTPTypes

/// A user's access to Causeway: role, password and authenticator; and service accounts for programs.
struct UserAccess: Sendable {
    let texts: Texts

    /// The fields of its forms that have secrets.
    static let secrets = ["password"]

    static let creation = Address.users("service-account")

    var routes: [PageRoute] {
        let one = Address.user("{id}")
        return [
            PageRoute(.post, one("role")) { try await setRole($0) },
            PageRoute(.post, one("password")) { try await setPassword($0) },
            PageRoute(.post, one("sign-out")) { try await signOut($0) },
            PageRoute(.get, one("authenticator")) { try await confirmRemoval($0) },
            PageRoute(.post, one("authenticator")) { try await removeAuthenticator($0) },
            PageRoute(.get, Self.creation) { request in
                try request.requireAdministrator()
                return newServiceAccount(request, problem: nil)
            },
            PageRoute(.post, Self.creation) { try await createServiceAccount($0) },
        ]
    }

    /// A role, as the API returns it.
    private struct RoleView: Decodable {
        let pk: String
        let role: String
    }

    /// An authenticator of a user, as the API returns it.
    private struct AuthenticatorView: Decodable {
        let recoveryCodesLeft: Int
    }

    /// A browser in which a user is signed in, as the API returns it.
    private struct SessionView: Decodable {
        let id: String
    }

    /// The access part of a user's page; nil unless an administrator reads it.
    func model(_ user: UserView, _ request: PageRequest) async throws -> UserAccessModel? {
        guard request.session?.isAdministrator == true else { return nil }
        let roles = try await request.api.get("/causeway/roles/", as: [RoleView].self)
        let nobody = ChoiceOption(value: "", label: texts("roles.none"), isChosen: user.roles.isEmpty)
        let options = roles.map {
            ChoiceOption(value: $0.pk, label: texts("roles.\($0.role)"), isChosen: user.roles.contains($0.pk))
        }
        let path = "/causeway/authenticators/?user=\(user.pk)"
        let authenticators = try await request.api.get(path, as: [AuthenticatorView].self)
        let sessions = try await request.api.get("/causeway/sessions/?user=\(user.pk)", as: [SessionView].self)
        let isByGroup = user.isSuperuser && user.roles.isEmpty
        return UserAccessModel(
            roles: [nobody] + options,
            byGroup: isByGroup ? texts("access.by_group") : nil,
            isServiceAccount: user.type == "service_account",
            authenticator: authenticators.first.map {
                texts("access.authenticator.has", count: $0.recoveryCodesLeft)
            },
            isAnother: user.username != request.session?.username,
            sessions: sessions.isEmpty ? nil : texts("access.sessions", count: sessions.count)
        )
    }

    private func page(_ request: PageRequest) -> Address { .user(request.value("id")) }

    private func setRole(_ request: PageRequest) async throws -> PageResponse {
        let role = request.form["role"] ?? ""
        let roles: JSONValue = ["roles": JSONValue(role.isEmpty ? [] : [role])]
        let answer = await request.api.send(.patch, "/core/users/\(request.value("id").urlPathPart)/", roles)
        return try outcome(answer, request, done: "role_set")
    }

    private func setPassword(_ request: PageRequest) async throws -> PageResponse {
        let password: JSONValue = ["password": .string(request.form["password"] ?? "")]
        let path = "/core/users/\(request.value("id").urlPathPart)/set_password/"
        return try outcome(await request.api.send(.post, path, password), request, done: "password_set")
    }

    /// Ends the sessions of another user.
    private func signOut(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/sessions/?user=\(request.value("id").urlPathPart)"
        return try outcome(await request.api.send(.delete, path), request, done: "user_signed_out")
    }

    /// Asks on a page of its own, because a password alone is enough afterwards.
    private func confirmRemoval(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let path = "/core/users/\(request.value("id").urlPathPart)/"
        let name = try await request.api.get(path, as: UserView.self).username
        let title = texts("access.authenticator.question", ["name": name])
        let confirmation = ConfirmPage(
            question: title,
            consequence: texts("access.authenticator.consequence"),
            submit: texts("account.remove"),
            cancel: page(request),
            action: request.address
        )
        let trail = trail + [PageLink(title: name, address: page(request))]
        return .page(PageContent(confirmation, title: title, place: "users", trail: trail))
    }

    private var trail: [PageLink] { [PageLink(title: texts("places.users"), address: .users)] }

    private func removeAuthenticator(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/authenticators/\(request.value("id").urlPathPart)/"
        return try outcome(await request.api.send(.delete, path), request, done: "authenticator_removed")
    }

    private func outcome(_ answer: APIAnswer, _ request: PageRequest, done: String) throws -> PageResponse {
        guard answer.status == 400 else {
            _ = try answer.expected()
            return .redirect(to: page(request), done: done)
        }
        let refused = RefusedPage(problem: answer.problem(texts), back: page(request), backWords: texts("access.back"))
        let content = PageContent(refused, title: texts("access.refused"), place: "users", trail: trail)
        return .page(content, status: 422)
    }

    // MARK: Service accounts

    private func newServiceAccount(
        _ request: PageRequest,
        problem: String?,
        made: ServiceAccountPage.Made? = nil
    ) -> PageResponse {
        let page = ServiceAccountPage(
            problem: problem,
            made: made,
            name: request.form["name"] ?? "",
            isGrouped: request.form["create_group"] == "true"
        )
        let content = PageContent(page, title: texts("service_account.title"), place: "users", trail: trail)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    /// A new service account, as the API returns it.
    private struct ServiceAccountView: Decodable {
        let username: String
        let token: String
        let userPk: Int64
    }

    private func createServiceAccount(_ request: PageRequest) async throws -> PageResponse {
        let body: JSONValue = [
            "name": .string(request.form["name"] ?? ""), "create_group": .bool(request.form["create_group"] == "true"),
            "expiring": true,
        ]
        let answer = await request.api.send(.post, "/core/users/service_account/", body)
        if answer.status == 400 { return newServiceAccount(request, problem: answer.problem(texts)) }
        let made = try answer.expected(as: ServiceAccountView.self)
        return newServiceAccount(
            request,
            problem: nil,
            made: .init(name: made.username, key: made.token, address: .user(made.userPk))
        )
    }
}

/// The access part of a user's page.
struct UserAccessModel: TemplateValue {
    let roles: [ChoiceOption]
    let byGroup: String?
    let isServiceAccount: Bool
    /// A sentence about the user's authenticator.
    let authenticator: String?
    /// Whether the user is not the signed-in user.
    let isAnother: Bool
    /// A sentence about the browsers in which the user is signed in; nil for none.
    let sessions: String?
}

/// The template `service-account`.
struct ServiceAccountPage: PageModel {
    static let template = "service-account"

    let problem: String?
    let made: Made?
    let name: String
    let isGrouped: Bool

    /// An account that was just created, with its key. The key is shown once.
    struct Made: TemplateValue {
        let name: String
        let key: String
        let address: Address
    }
}
