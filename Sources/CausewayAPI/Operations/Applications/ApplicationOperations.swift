import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `core/applications/`
enum ApplicationOperations: EditableResourceOperations {
    static let model = APIModel.application

    static let handlers: [String: APIHandler] = commonHandlers(ofEditable: "core_applications").merging([
        "core_applications_list": list, "core_applications_check_access_retrieve": checkAccess,
        "core_transactional_applications_update": createWithProvider,
    ]) { $1 }

    @Sendable private static func list(_ request: APIRequest) async throws -> APIResponse {
        let (list, query) = (try ListRequest(request), request.query)
        let all = try await request.store.read { transaction -> [JSONValue] in
            try requireUser(query.integer("for_user"), in: transaction)
            let providers = try transaction.providers()
            let all = try transaction.applications()
            return all.map { ApplicationAnswer.json($0, providers, all, for: request.caller.user) }
        }
        let filters = [
            ("name", "name"), ("slug", "slug"), ("group", "group"), ("meta_description", "meta_description"),
            ("meta_launch_url", "meta_launch_url"), ("meta_publisher", "meta_publisher"),
        ]
        let found = all.filter { application in
            filters.allSatisfy { parameter, field in
                query.text(parameter).map { $0 == application[field]?.string } ?? true
            }
                && (query.bool("only_with_launch_url") != true || application["launch_url"]?.string != nil)
        }
        let searched = ["name", "slug", "meta_launch_url", "meta_description", "meta_publisher", "group"]
        return try list.envelope(of: found, searched: searched, standard: ["name", "slug"])
    }

    private static func requireUser(_ key: Int64?, in transaction: Transaction) throws {
        guard let key, try transaction.user(UserID(key)) == nil else { return }
        throw APIError.invalid(["for_user": "User not found"])
    }

    /// Every active user may open every application, since there are no policies.
    @Sendable private static func checkAccess(_ request: APIRequest) async throws -> APIResponse {
        let user = try await request.store.read { transaction -> User? in
            _ = try requested(request, in: transaction)
            let key = request.query.integer("for_user")
            try requireUser(key, in: transaction)
            return try key.map { try transaction.user(UserID($0)) } ?? request.caller.user
        }
        let passing = user?.isActive ?? false
        var json: [String: JSONValue] = [
            "passing": .bool(passing), "messages": passing ? [] : ["The user is not active."],
        ]
        if request.caller.isAdministrator { json["log_messages"] = [] }
        return .ok(.object(json))
    }

    /// Creates an application and its provider, or neither. An Entra provider works in the background, so it becomes a backchannel
    /// provider, and is synced.
    @Sendable private static func createWithProvider(_ request: APIRequest) async throws -> APIResponse {
        guard request.text("provider_model") == "\(APIModel.provider.app).\(APIModel.provider.name)" else {
            throw APIError.invalid("provider_model", "Causeway has only Microsoft Entra providers.")
        }
        guard (request.body["policy_bindings"]?.array ?? []).isEmpty else {
            throw APIError.invalid("policy_bindings", "Causeway has no policies; leave this out.")
        }
        try await request.store.write { transaction in
            let created = try keyed("provider") {
                try EntraProviderOperations.made(of: request.object("provider") ?? [:], in: transaction)
            }
            let provider = created.object
            try EntraProviderOperations.record(.created, provider, request, created.changes, in: transaction)
            var body = request.object("app") ?? [:]
            body["backchannel_providers"] = .array(
                (body["backchannel_providers"]?.array ?? []) + [.integer(provider.id.rawValue)]
            )
            let application = try keyed("app") { try made(of: body, request, in: transaction) }
            try record(.created, application.object, request, application.changes, in: transaction)
        }
        return .ok(["applied": true, "logs": []])
    }

    /// Puts errors under the part that they belong to.
    private static func keyed<Value>(_ part: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            guard let refusal = APIError(error), refusal.status == .badRequest else { throw error }
            throw APIError.invalid([part: refusal.body])
        }
    }
}

extension ApplicationOperations {
    static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Application {
        let slug = request.path.text("slug")
        guard let application = try transaction.applications().first(where: { $0.slug == slug }) else {
            throw APIError.notFound("Application")
        }
        return application
    }

    static func label(of application: Application) -> (key: String, name: String) {
        (application.id.text, application.name)
    }

    static func made(by request: APIRequest, in transaction: Transaction) throws -> Edit<Application> {
        try made(of: request.body, request, in: transaction)
    }

    private static func made(of body: [String: JSONValue], _ request: APIRequest, in transaction: Transaction) throws
        -> Edit<Application>
    {
        let others = try transaction.applications()
        let blank = Application(name: "", slug: "")
        let application = try ApplicationInput(body: body).application(blank, in: transaction)
        try transaction.saveApplication(application)
        try recordLosses(of: others, to: application, request, in: transaction)
        return Edit(object: application, changes: application.allChanges(since: .blank))
    }

    static func changed(_ before: Application, by request: APIRequest, in transaction: Transaction) throws
        -> Edit<Application>
    {
        let others = try transaction.applications()
        let application = try ApplicationInput(body: request.body).application(before, in: transaction)
        try transaction.saveApplication(application)
        try recordLosses(of: others, to: application, request, in: transaction)
        return Edit(object: application, changes: application.allChanges(since: before))
    }

    /// A provider that an application gets leaves the one that had it.
    private static func recordLosses(
        of others: [Application],
        to winner: Application,
        _ request: APIRequest,
        in transaction: Transaction
    ) throws {
        let present = Dictionary(try transaction.applications().map { ($0.id, $0) }) { $1 }
        for before in others where before.id != winner.id {
            guard let after = present[before.id], after != before else { continue }
            try record(.updated, after, request, after.allChanges(since: before), in: transaction)
        }
    }

    static func finalChanges(of application: Application) -> [FieldChange] {
        Application.blank.allChanges(since: application)
    }

    /// Deletes the application. Its providers stay, and are assigned to no application.
    static func delete(_ application: Application, _ request: APIRequest, in transaction: Transaction) throws {
        try transaction.deleteApplication(application.id)
    }

    static func uses(of application: Application, in transaction: Transaction) throws -> [JSONValue] {
        try transaction.providers().filter { $0.application == application.id || $0.id == application.provider }
            .map { UsedBy.json(.anyProvider, "\($0.id)", $0.name, .setNull) }
    }

    static func json(_ application: Application, _ request: APIRequest, in transaction: Transaction) throws
        -> JSONValue
    {
        let (providers, all) = (try transaction.providers(), try transaction.applications())
        return ApplicationAnswer.json(application, providers, all, for: request.caller.user)
    }
}
