import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// What authentik answers to requests of every kind, written from observing authentik next to Causeway, and its framework (Django REST
/// framework 3.18.3 and django-filter 26.2 on Django 5.2.19) by itself: `Resources/differential.json`.
@Suite("Recorded requests, and authentik's answers to them")
struct RequestDifferentialTests {
    /// A request and its answer.
    private struct Row {
        let about: String
        let method: String
        let path: String
        let body: JSONValue?
        let status: Int
        /// What must be in the answer; `~TEXT` stands for every text that contains TEXT, and `~` for any value.
        let answer: JSONValue?
        /// The name of the difference in the documentation if authentik answers something else.
        let difference: String?

        init(_ json: JSONValue) throws {
            about = try #require(json["about"]?.string)
            method = try #require(json["method"]?.string)
            path = try #require(json["path"]?.string)
            body = json["body"]
            status = Int(try #require(json["status"]?.integer))
            answer = json["answer"]
            difference = json["difference"]?.string
        }
    }

    private static func rows() throws -> [Row] {
        let file = Bundle.module.bundleURL.appending(path: "Resources/differential.json")
        return try (JSONValue(parsing: Data(contentsOf: file)).array ?? []).map(Row.init)
    }

    @Test("Causeway answers as authentik does, except for the documented differences")
    func rows() async throws {
        try await World.with { world in
            for row in try Self.rows() {
                let (path, body) = (world.filled(row.path), row.body.map(world.filled))
                let answer = try await world.send(row.method, path, body)
                let wanted = world.filled(row.answer ?? .null)
                let faults = row.answer == nil ? [] : answer.body.faults(against: wanted, at: "answer")
                #expect(
                    answer.status == row.status && faults.isEmpty,
                    "\(row.about): \(row.method) \(path) \(body?.text ?? "") is \(answer.status) \(answer.body.text.prefix(500)) \(faults)"
                )
            }
        }
    }

    @Test("the requests cover every kind of operation, and every difference is documented")
    func differences() throws {
        let rows = try Self.rows()
        #expect(rows.count >= 200)
        for part in ["users", "groups", "applications", "tokens", "providers", "propertymappings", "events", "tasks"] {
            #expect(rows.contains { $0.path.contains("/\(part)/") }, "\(part)")
        }
        let documented = try ProjectFiles.text("docs/api.md")
        for row in rows {
            guard let difference = row.difference else { continue }
            #expect(documented.contains("| \(difference) "), "\(difference)")
        }
    }
}

/// A server with one object of each type; rows refer to their keys as `<name>`.
private struct World {
    let server: ServedProgram
    private let keys: [String: JSONValue]

    static func with(_ body: (World) async throws -> Void) async throws {
        try await TenantProgram.with { tenant in
            try await ServedProgram.with { server in try await body(try await World(server, tenant)) }
        }
    }

    private init(_ server: ServedProgram, _ tenant: TenantProgram) async throws {
        func made(_ path: String, _ body: JSONValue) async throws -> JSONValue {
            let answer = try await server.send("POST", path, body)
            try #require(answer.status == 201, "\(path) \(answer.body.text)")
            return try #require(answer.body["pk"])
        }
        var settings: [String: JSONValue] = [
            "name": "Entra", "cloud": "custom", "client_secret": "emulated-secret-value", "dry_run": true,
        ]
        for key in ["client_id", "tenant_id", "login_endpoint", "graph_endpoint"] {
            settings[key] = tenant.endpoints[key]
        }
        var keys = [
            "ada": try await made("/core/users/", ["username": "ada", "name": "Ada Lovelace"]),
            "eve": try await made("/core/users/", ["username": "eve", "name": "Eve"]),
            "staff": try await made("/core/groups/", ["name": "Staff"]),
            "everyone": try await made("/core/groups/", ["name": "Everyone"]),
            "mapping": try await made(
                "/propertymappings/provider/microsoft_entra/",
                ["name": "kept", "expression": "return {}"]
            ),
            "provider": try await made("/providers/microsoft_entra/", .object(settings)),
        ]
        _ = try await made("/core/applications/", ["name": "Portal", "slug": "portal"])
        _ = try await made("/core/tokens/", ["identifier": "script"])
        let schedules = try await server.send("GET", "/tasks/schedules/").body["results"]?.array
        keys["schedule"] = try #require(schedules?.first?["id"])
        for (name, key) in keys {
            let text = key.string ?? key.text
            keys["\(name).text"] = .string(text)
            keys["\(name).upper"] = .string(text.uppercased())
            keys["\(name).plain"] = .string(text.replacing("-", with: ""))
        }
        (self.server, self.keys) = (server, keys)
    }

    /// Sends a request, and sends it again while another run of the provider is in progress.
    func send(_ method: String, _ path: String, _ body: JSONValue?) async throws -> HTTP.Answer {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            let answer = try await server.send(method, path, body)
            guard answer.status == 409, ContinuousClock.now < end else { return answer }
            try await Task.sleep(for: .milliseconds(200))
        }
    }

    func filled(_ text: String) -> String {
        keys.reduce(text) { $0.replacing("<\($1.key)>", with: $1.value.string ?? $1.value.text) }
    }

    func filled(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text):
            let name = text.hasPrefix("<") && text.hasSuffix(">") ? String(text.dropFirst().dropLast()) : ""
            return keys[name] ?? .string(filled(text))
        case .array(let elements): return .array(elements.map(filled))
        case .object(let members):
            return .object(Dictionary(members.map { (filled($0.key), filled($0.value)) }) { $1 })
        default: return value
        }
    }
}

extension JSONValue {
    /// The places where the value is not the expected one.
    fileprivate func faults(against wanted: JSONValue, at place: String) -> [String] {
        switch (wanted, self) {
        case (.string(let text), .string(let own)) where text.hasPrefix("~"):
            return text == "~" || own.contains(text.dropFirst()) ? [] : ["\(place) has no '\(text.dropFirst())'"]
        case (.object(let members), .object(let own)):
            return members.flatMap { name, member in
                own[name]?.faults(against: member, at: "\(place).\(name)") ?? ["\(place).\(name) is missing"]
            }
        case (.array(let elements), .array(let own)) where elements.count == own.count:
            return zip(elements, own).enumerated().flatMap { $1.1.faults(against: $1.0, at: "\(place)[\($0)]") }
        default: return self == wanted ? [] : ["\(place) is not \(wanted.text)"]
        }
    }
}
