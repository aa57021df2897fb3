import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation
import HTTPTypes

/// `core/applications/`
enum ApplicationOperations {
    static let handlers: [String: APIHandler] = [
        "core_applications_list": list, "core_applications_create": create, "core_applications_retrieve": retrieve,
        "core_applications_update": update, "core_applications_partial_update": update,
        "core_applications_destroy": destroy, "core_applications_used_by_list": usedBy,
        "core_applications_check_access_retrieve": checkAccess,
        "core_transactional_applications_update": createWithProvider,
    ]

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

    @Sendable private static func retrieve(_ request: APIRequest) async throws -> APIResponse {
        .ok(try await request.store.read { try Self.json(try requested(request, in: $0), request, in: $0) })
    }

    @Sendable private static func create(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            try Self.json(try create(request.body, request, in: transaction), request, in: transaction)
        }
        return .created(json)
    }

    private static func create(_ body: [String: JSONValue], _ request: APIRequest, in transaction: Transaction) throws
        -> Application
    {
        let blank = Application(name: "", slug: "")
        let application = try ApplicationInput(body: body).application(blank, in: transaction)
        try transaction.saveApplication(application)
        try request.record("model_created", .application, application.id.text, application.name, in: transaction)
        return application
    }

    @Sendable private static func update(_ request: APIRequest) async throws -> APIResponse {
        let json = try await request.store.write { transaction in
            let before = try requested(request, in: transaction)
            let application = try ApplicationInput(body: request.body).application(before, in: transaction)
            try transaction.saveApplication(application)
            try request.record("model_updated", .application, before.id.text, application.name, in: transaction)
            return try Self.json(application, request, in: transaction)
        }
        return .ok(json)
    }

    /// Its providers stay, and are assigned to nothing.
    @Sendable private static func destroy(_ request: APIRequest) async throws -> APIResponse {
        try await request.store.write { transaction in
            let application = try requested(request, in: transaction)
            try transaction.deleteApplication(application.id)
            try request.record("model_deleted", .application, application.id.text, application.name, in: transaction)
        }
        return .noContent
    }

    @Sendable private static func usedBy(_ request: APIRequest) async throws -> APIResponse {
        let providers = try await request.store.read { transaction in
            let application = try requested(request, in: transaction)
            return try transaction.providers().filter {
                $0.application == application.id || $0.id == application.provider
            }
        }
        return .ok(.array(providers.map { UsedBy.json(.provider, "\($0.id)", $0.name, "set_null") }))
    }

    /// Whoever is active may open every application: there are no policies here.
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

    /// Creates an application and its provider, or neither. An Entra provider works behind the scenes, so it becomes a backchannel
    /// provider, and is synced.
    @Sendable private static func createWithProvider(_ request: APIRequest) async throws -> APIResponse {
        guard request.text("provider_model") == "\(APIModel.provider.app).\(APIModel.provider.name)" else {
            throw APIError.invalid("provider_model", "Causeway has Microsoft Entra providers alone.")
        }
        guard (request.body["policy_bindings"]?.array ?? []).isEmpty else {
            throw APIError.invalid("policy_bindings", "There are no policies here; leave this out.")
        }
        try await request.store.write { transaction in
            let provider = try keyed("provider") {
                try EntraProviderOperations.create(request.object("provider") ?? [:], request, in: transaction)
            }
            var body = request.object("app") ?? [:]
            body["backchannel_providers"] = .array(
                (body["backchannel_providers"]?.array ?? []) + [.integer(provider.id.rawValue)]
            )
            _ = try keyed("app") { try create(body, request, in: transaction) }
        }
        return .ok(["applied": true, "logs": []])
    }

    /// Puts what is wrong under the part that it is wrong in.
    private static func keyed<Value>(_ part: String, _ body: () throws -> Value) throws -> Value {
        do { return try body() } catch {
            guard let refusal = APIError(error), refusal.status == .badRequest else { throw error }
            throw APIError.invalid([part: refusal.body])
        }
    }
}

extension ApplicationOperations {
    private static func requested(_ request: APIRequest, in transaction: Transaction) throws -> Application {
        let slug = request.path.text("slug")
        guard let application = try transaction.applications().first(where: { $0.slug == slug }) else {
            throw APIError.notFound("Application")
        }
        return application
    }

    private static func json(_ application: Application, _ request: APIRequest, in transaction: Transaction) throws
        -> JSONValue
    {
        let (providers, all) = (try transaction.providers(), try transaction.applications())
        return ApplicationAnswer.json(application, providers, all, for: request.caller.user)
    }
}

/// What a client says of an application.
struct ApplicationInput {
    let body: [String: JSONValue]

    /// The application with what the client says; what it leaves out stays.
    func application(_ before: Application, in transaction: Transaction) throws -> Application {
        var application = before
        text("name", &application.name)
        text("slug", &application.slug)
        text("group", &application.group)
        text("meta_launch_url", &application.launchURL)
        text("meta_description", &application.description)
        text("meta_publisher", &application.publisher)
        text("meta_icon", &application.icon)
        application.opensInNewTab = body["open_in_new_tab"]?.bool ?? before.opensInNewTab
        application.isHidden = body["meta_hide"]?.bool ?? before.isHidden
        application.policyEngineMode =
            body["policy_engine_mode"]?.string.flatMap(PolicyEngineMode.init)
            ?? before.policyEngineMode
        let others = try transaction.applications().filter { $0.id != before.id }
        if let provider = body["provider"] {
            application.provider = try provider.integer.map { try existing($0, "provider", in: transaction) }
            if let other = others.first(where: { $0.provider != nil && $0.provider == application.provider }) {
                throw APIError.invalid("provider", "The provider serves the application '\(other.name)' already.")
            }
        }
        if let keys = body["backchannel_providers"]?.array {
            application.backchannelProviders = try keys.compactMap(\.integer).map {
                try existing($0, "backchannel_providers", in: transaction)
            }
            try release(application.backchannelProviders, from: others, in: transaction)
        }
        try validate(application, others)
        return application
    }

    private func validate(_ application: Application, _ others: [Application]) throws {
        if others.contains(where: { $0.slug == application.slug }) {
            throw APIError.invalid("slug", "application with this slug already exists.")
        }
        let url = application.launchURL
        if !url.isEmpty, !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            throw APIError.invalid("meta_launch_url", "Enter a valid URL.")
        }
        try application.validate()
    }

    private func existing(_ key: Int64, _ field: String, in transaction: Transaction) throws -> ProviderID {
        guard try transaction.provider(ProviderID(key)) != nil else { throw UserOperations.unknownKey(field, "\(key)") }
        return ProviderID(key)
    }

    /// A provider serves one application: it moves.
    private func release(_ providers: [ProviderID], from others: [Application], in transaction: Transaction) throws {
        for var other in others where other.backchannelProviders.contains(where: providers.contains) {
            other.backchannelProviders.removeAll(where: providers.contains)
            try transaction.saveApplication(other)
        }
    }

    private func text(_ name: String, _ value: inout String) { value = body[name]?.string ?? value }
}

/// Applications in authentik's form.
enum ApplicationAnswer {
    static func json(_ application: Application, _ providers: [EntraProvider], _ all: [Application], for user: User?)
        -> JSONValue
    {
        let backchannel = application.backchannelProviders.compactMap { id in providers.first { $0.id == id } }
        let main = providers.first { $0.id == application.provider }
        return [
            "pk": .string(application.id.text), "pbm_uuid": .string(application.id.text),
            "name": .string(application.name), "slug": .string(application.slug),
            "provider": main.map { .integer($0.id.rawValue) } ?? .null,
            "provider_obj": main.map { EntraProviderAnswer.common($0, all) } ?? .null,
            "backchannel_providers": .array(backchannel.map { .integer($0.id.rawValue) }),
            "backchannel_providers_obj": .array(backchannel.map { EntraProviderAnswer.common($0, all) }),
            "launch_url": JSONValue(launchURL(application, user)), "open_in_new_tab": .bool(application.opensInNewTab),
            "meta_launch_url": .string(application.launchURL), "meta_icon": .string(application.icon),
            "meta_icon_url": application.icon.isEmpty ? .null : .string(application.icon),
            "meta_icon_themed_urls": .null,
            "meta_description": .string(application.description), "meta_publisher": .string(application.publisher),
            "policy_engine_mode": .string(application.policyEngineMode.rawValue), "group": .string(application.group),
            "meta_hide": .bool(application.isHidden),
        ]
    }

    /// The address with what it says of the caller filled in.
    private static func launchURL(_ application: Application, _ user: User?) -> String? {
        guard !application.launchURL.isEmpty else { return nil }
        let values = [
            "username": user?.username ?? "", "name": user?.name ?? "", "email": user?.email ?? "",
            "uid": user?.uid ?? "",
        ]
        return values.reduce(application.launchURL) { url, value in
            let encoded = value.value.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed) ?? ""
            return url.replacingOccurrences(of: "%(\(value.key))s", with: encoded)
        }
    }
}
