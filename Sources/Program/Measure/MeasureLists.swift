import ArgumentParser
import AsyncHTTPClient
import CausewayAPI
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayServer
import CausewayStore
import CausewayWeb
import Foundation
import Logging
import NIOCore
import NIOHTTP1

extension MeasureCommand {
    /// `causeway measure lists`
    struct Lists: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Reads pages of a long list of users over the API, and tells how long answers take."
        )

        @Option(help: "How many users there are.")
        var users = 300_000
        @Option(help: "How many requests of each kind.")
        var requests = 100

        /// The kinds of requests; `PAGE` stands for any page that there is.
        private static let kinds: [(name: String, query: String)] = [
            ("first_page", ""), ("deep_pages", "page=PAGE"), ("deep_pages_by_name", "ordering=-name&page=PAGE"),
            ("deep_pages_by_change", "ordering=last_updated&page=PAGE"),
            ("deep_pages_by_activity", "ordering=-is_active&page=PAGE"),
            ("deep_pages_by_type", "ordering=type&page=PAGE"),
            ("deep_pages_by_email", "ordering=email&page=PAGE"),
            ("search_of_few", "search=hopper7&ordering=name"),
            ("search_of_many", "search=ada&ordering=-username"), ("search_of_two_words", "search=ada+silva"),
            ("search_of_all", "search=company&ordering=name"),
            ("deep_pages_of_a_search_of_all", "search=company&page=PAGE"),
            ("search_of_one_letter", "search=a&ordering=name&page=3"), ("search_of_nothing", "search=nobody+at+all"),
            ("active_people", "is_active=true&type=internal&page=3"),
        ]

        func run() async throws {
            let folder = FileManager.default.temporaryDirectory.appending(path: "causeway-lists-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let store = try await Store.open(
                path: folder.appending(path: "causeway.db").path,
                secrets: SecretBox(keyText: Secret("only for a measurement"))
            )
            try await fill(store)
            let setup = AdministratorSetup(store: store)
            _ = try await setup.createAdministrator("root", name: "", email: "", password: Secret("a long pass phrase"))
            let key = try await setup.createToken("measure", of: "root", role: .auditor, lifetime: nil)
            var result: [String: JSONValue] = ["users": .integer(Int64(users))]
            try await withServer(of: store) { origin in
                for kind in Self.kinds {
                    let times = try await times(of: kind.query, origin, key).sorted()
                    result[kind.name] = [
                        "median_milliseconds": .number(times[times.count / 2]),
                        "p99_milliseconds": .number(times[min(times.count - 1, times.count * 99 / 100)]),
                    ]
                }
            }
            try store.close()
            print(JSONValue.object(result).prettyText)
        }

        private func fill(_ store: Store) async throws {
            let first = [
                "Ada", "Bob", "Chloe", "Dmitri", "Erika", "Fritz", "Grace", "Haruki", "Ines", "João", "Kim", "Lars",
            ]
            let last = [
                "Lovelace", "Berg", "Martin", "Ivanov", "Muster", "Lang", "Hopper", "Tanaka", "Ruiz", "Silva", "Holm",
            ]
            for start in stride(from: 0, to: users, by: 5000) {
                try await store.write { [users] transaction in
                    for number in start..<min(start + 5000, users) {
                        let (given, family) = (first[number % first.count], last[number / 7 % last.count])
                        let name = "\(given).\(family)\(number)".lowercased()
                        let profile = UserProfile(
                            username: name,
                            name: "\(given) \(family)",
                            email: "\(name)@company.com",
                            isActive: number % 50 != 0,
                            attributes: ["department": .string(number % 3 == 0 ? "Sales" : "Research")]
                        )
                        _ = try transaction.createUser(profile)
                    }
                }
            }
        }

        private func withServer(of store: Store, _ body: (String) async throws -> Void) async throws {
            var logger = Logger.program
            logger.logLevel = .critical
            let runtime = try ProvisioningRuntime.load(mappings: .find(), logger: logger)
            let services = APIServices(store: store, runtime: runtime, logger: logger, version: Causeway.version)
            let (ports, ready) = AsyncStream.makeStream(of: Int.self)
            let api = APIService(document: try .load(), services: services)
            let server = WebServer(
                host: "127.0.0.1",
                port: 0,
                api: api,
                pages: try await WebInterface(api: api, logger: logger),
                store: store,
                logger: logger
            ) { ready.yield($0) }
            let work = Task { try await server.run() }
            defer { work.cancel() }
            for await port in ports { return try await body("http://127.0.0.1:\(port)") }
        }

        /// Milliseconds of each request, one after the other.
        private func times(of query: String, _ origin: String, _ key: Secret) async throws -> [Double] {
            var times: [Double] = []
            for number in 0..<requests {
                let page = 1 + number * max(1, users / 20 / requests)
                let text = query.replacingOccurrences(of: "PAGE", with: "\(page)")
                var request = HTTPClientRequest(url: "\(origin)/api/v3/core/users/?\(text)")
                request.headers.add(name: "Authorization", value: "Bearer \(key.revealed)")
                let seconds = try await Stopwatch.seconds { [request] in
                    let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                    _ = try await answer.body.collect(upTo: 64 << 20)
                    guard answer.status == .ok else { throw UserError("The server answered \(answer.status).") }
                }
                times.append(seconds * 1000)
            }
            return times
        }
    }
}
