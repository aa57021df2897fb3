import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What a user may do here: its role, its password, its authenticator, and accounts for programs.
struct UserAccess: Sendable {
    let texts: Texts

    private static let creation = UserPages.address + "service-account/"

    var routes: [PageRoute] {
        let one = UserPages.address + "{id}/"
        return [
            PageRoute(.post, one + "role/") { try await setRole($0) },
            PageRoute(.post, one + "password/") { try await setPassword($0) },
            PageRoute(.get, one + "authenticator/") { try await confirmRemoval($0) },
            PageRoute(.post, one + "authenticator/") { try await removeAuthenticator($0) },
            PageRoute(.get, Self.creation) { request in
                try request.requireAdministrator()
                return newServiceAccount(request, problem: nil)
            },
            PageRoute(.post, Self.creation) { try await createServiceAccount($0) },
        ]
    }

    /// What a user's page shows to administrators.
    func values(_ user: JSONValue, _ request: PageRequest) async throws -> JSONValue {
        guard request.session?.isAdministrator == true else { return .null }
        let own = Set((user["roles"]?.array ?? []).compactMap(\.string))
        let roles = try await request.api.send(.get, "/causeway/roles/").expected().array ?? []
        let nobody: JSONValue = ["value": "", "label": .string(texts("roles.none")), "is_chosen": .bool(own.isEmpty)]
        let options = roles.map { role -> JSONValue in
            let key = role["pk"]?.string ?? ""
            return [
                "value": .string(key), "label": .string(texts("roles.\(role["role"]?.string ?? "")")),
                "is_chosen": .bool(own.contains(key)),
            ]
        }
        let id = user["pk"].map(ListView.plain) ?? ""
        let authenticators = try await request.api.send(.get, "/causeway/authenticators/?user=\(id)").expected()
        let left = authenticators.array?.first?["recovery_codes_left"]?.integer
        let isByGroup = user["is_superuser"]?.bool == true && own.isEmpty
        return [
            "roles": .array([nobody] + options), "by_group": JSONValue(isByGroup ? texts("access.by_group") : nil),
            "is_service_account": .bool(user["type"] == "service_account"),
            "authenticator": JSONValue(left.map { texts("access.authenticator.has", count: Int($0)) }),
            "is_another": .bool(user["username"]?.string != request.session?.username),
        ]
    }

    private func page(_ request: PageRequest) -> String { "\(UserPages.address)\(request.value("id").urlPathPart)/" }

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

    /// A page of its own, since a password alone does afterwards.
    private func confirmRemoval(_ request: PageRequest) async throws -> PageResponse {
        try request.requireAdministrator()
        let user = try await request.api.send(.get, "/core/users/\(request.value("id").urlPathPart)/").expected()
        let name = user["username"]?.string ?? ""
        let title = texts("access.authenticator.question", ["name": name])
        let values: [String: JSONValue] = [
            "question": .string(title), "consequence": .string(texts("access.authenticator.consequence")),
            "submit": .string(texts("account.remove")), "cancel": .string(page(request)),
            "action": .string(request.address),
        ]
        let trail = [(title: texts("places.users"), address: UserPages.address), (title: name, address: page(request))]
        return .page(PageContent("confirm", title: title, place: "users", trail: trail, values))
    }

    private func removeAuthenticator(_ request: PageRequest) async throws -> PageResponse {
        let path = "/causeway/authenticators/\(request.value("id").urlPathPart)/"
        return try outcome(await request.api.send(.delete, path), request, done: "authenticator_removed")
    }

    private func outcome(_ answer: APIAnswer, _ request: PageRequest, done: String) throws -> PageResponse {
        guard answer.status == 400 else {
            _ = try answer.expected()
            return .redirect(page(request), done: done)
        }
        let values: [String: JSONValue] = [
            "problem": .string(answer.problem), "back": .string(page(request)),
            "back_words": .string(texts("access.back")),
        ]
        let trail = [(title: texts("places.users"), address: UserPages.address)]
        let content = PageContent("refused", title: texts("access.refused"), place: "users", trail: trail, values)
        return .page(content, status: 422)
    }

    // MARK: Service accounts

    private func newServiceAccount(_ request: PageRequest, problem: String?, made: JSONValue? = nil) -> PageResponse {
        let values: [String: JSONValue] = [
            "problem": JSONValue(problem), "made": made ?? .null, "name": .string(request.form["name"] ?? ""),
            "is_grouped": .bool(request.form["create_group"] == "true"),
        ]
        let trail = [(title: texts("places.users"), address: UserPages.address)]
        let title = texts("service_account.title")
        let content = PageContent("service-account", title: title, place: "users", trail: trail, values)
        return .page(content, status: problem == nil ? 200 : 422)
    }

    private func createServiceAccount(_ request: PageRequest) async throws -> PageResponse {
        let body: JSONValue = [
            "name": .string(request.form["name"] ?? ""), "create_group": .bool(request.form["create_group"] == "true"),
            "expiring": true,
        ]
        let answer = await request.api.send(.post, "/core/users/service_account/", body)
        if answer.status == 400 { return newServiceAccount(request, problem: answer.problem) }
        let made = try answer.expected()
        return newServiceAccount(
            request,
            problem: nil,
            made: [
                "name": made["username"] ?? .null, "key": made["token"] ?? .null,
                "address": .string("\(UserPages.address)\(made["user_pk"].map(ListView.plain) ?? "")/"),
            ]
        )
    }
}
