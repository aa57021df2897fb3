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
    /// `causeway-bench measure lists`
    struct Lists: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Reads pages of long lists over the API and in the admin interface, and tells how long answers take."
        )

        @Option(help: "How many users there are.")
        var users = 300_000
        @Option(help: "How many requests of each kind.")
        var requests = 100

        @Option(help: "How many actions the run has.")
        var actions = 100_000

        @Option(help: "The address of an empty PostgreSQL database to use instead of SQLite.")
        var database: String?

        @Option(help: "Seconds between filling the database and the first request, in which its server tidies up.")
        var rest = 0

        @Option(parsing: .upToNextOption, help: "Only these kinds of requests, by their names in the result.")
        var only: [String] = []

        /// The kinds of requests; `PAGE` stands for any existing page, `RUN` for the run.
        private static let kinds: [(name: String, address: String)] =
            [
                ("first_page", ""), ("deep_pages", "page=PAGE"), ("deep_pages_by_name", "ordering=-name&page=PAGE"),
                ("deep_pages_by_change", "ordering=last_updated&page=PAGE"),
                ("deep_pages_by_activity", "ordering=-is_active&page=PAGE"),
                ("deep_pages_by_type", "ordering=type&page=PAGE"),
                ("deep_pages_by_email", "ordering=email&page=PAGE"),
                ("search_of_few", "search=hopper7&ordering=name"),
                ("search_of_many", "search=ada&ordering=-username"), ("search_of_two_words", "search=ada+silva"),
                ("search_of_all", "search=company&ordering=name"),
                ("deep_pages_of_a_search_of_all", "search=company&page=PAGE"),
                ("search_of_one_letter", "search=a&ordering=name&page=3"),
                ("search_of_nothing", "search=nobody+at+all"),
                ("active_people", "is_active=true&type=internal&page=3"),
            ].map { ($0, "/api/v3/core/users/?\($1)") }
            + links.map { ($0, "/api/v3/providers/microsoft_entra_users/?\($1)") }

        private static let links = [
            ("links", "provider__id=1"), ("deep_pages_of_links", "provider__id=1&page=PAGE"),
            ("deep_pages_of_all_links", "ordering=-user__username&page=PAGE"),
            ("search_of_links", "provider__id=1&search=ada"),
        ]

        /// The same for the admin interface, whose pages have 50 rows.
        private static let pages: [(name: String, address: String)] = [
            ("html_users", "/if/admin/users/"), ("html_deep_users", "/if/admin/users/?ordering=-name&page=PAGE"),
            ("html_search", "/if/admin/users/?search=hopper7"), ("html_search_of_many", "/if/admin/users/?search=ada"),
            ("html_user", "/if/admin/users/7/"), ("html_dashboard", "/if/admin/"),
            ("html_provider", "/if/admin/providers/1/"),
            ("html_run", "/if/admin/runs/RUN/"), ("html_deep_run", "/if/admin/runs/RUN/?page=PAGE"),
            ("html_links", "/if/admin/providers/1/users/?page=PAGE"),
            ("html_failures_of_a_run", "/if/admin/runs/RUN/?outcome=failed"), ("html_events", "/if/admin/events/"),
        ]

        func run() async throws { try await ScratchFolder.with(for: "measure", measure) }

        private func measure(in folder: URL) async throws {
            let store = try await Store.open(
                at: .measured(database, in: folder),
                secrets: SecretBox(keyText: Secret(UUID().uuidString))
            )
            let run = try await LongLists(store: store, users: users, actions: actions).fill()
            try await Task.sleep(for: .seconds(rest))
            let password = UUID().uuidString
            _ = try await AdministratorSetup(store: store)
                .createAdministrator("root", name: "", email: "", password: Secret(password))
            var result: [String: JSONValue] = ["users": .integer(Int64(users))]
            try await withServer(of: store) { origin in
                let cookie = try await signIn(origin, password)
                for kind in Self.kinds + Self.pages where only.isEmpty || only.contains(kind.name) {
                    let isPage = kind.address.hasPrefix("/if/")
                    let address = kind.address.replacing("RUN", with: run.text)
                    let rows = isPage ? min(users, actions) / 50 : users / 20
                    let times = try await times(of: origin + address, cookie, pages: rows).sorted()
                    result[kind.name] = [
                        "median_milliseconds": .number(times[times.count / 2]),
                        "p99_milliseconds": .number(times[min(times.count - 1, times.count * 99 / 100)]),
                    ]
                }
            }
            try store.close()
            print(JSONValue.object(result).prettyText)
        }

        private func withServer(of store: Store, _ body: (String) async throws -> Void) async throws {
            var logger = Logger.bench
            logger.logLevel = .critical
            let runtime = try ProvisioningRuntime.load(mappings: .find(), logger: logger)
            let services = APIServices(
                store: store,
                runs: RunCoordinator(store: store, runtime: runtime),
                runtime: runtime,
                logger: logger,
                version: "benchmark"
            )
            let (ports, ready) = AsyncStream.makeStream(of: Int.self)
            let api = APIService(document: try .load(), services: services)
            let server = WebServer(
                host: "127.0.0.1",
                port: 0,
                api: api,
                pages: try await WebInterface(api: api, logger: logger),
                limits: NetworkLimits(),
                hosts: .any,
                readiness: Readiness(store: store, limits: ReadinessLimits(), logger: logger),
                logger: logger
            ) { ready.yield($0) }
            let work = Task { try await server.run() }
            defer { work.cancel() }
            for await port in ports { return try await body("http://127.0.0.1:\(port)") }
        }

        private func signIn(_ origin: String, _ password: String) async throws -> String {
            var request = HTTPClientRequest(url: "\(origin)/api/v3/causeway/session/")
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            let body: JSONValue = ["username": "root", "password": .string(password)]
            request.body = .bytes(body.bytes)
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
            let cookies = answer.headers["Set-Cookie"].compactMap { $0.split(separator: ";").first }
            guard let cookie = cookies.first(where: { $0.hasPrefix("causeway_session=") }) else {
                throw BenchError("The server answered \(answer.status).")
            }
            return String(cookie)
        }

        /// Milliseconds of each request, sent in turn.
        private func times(of address: String, _ cookie: String, pages: Int) async throws -> [Double] {
            var times: [Double] = []
            for number in 0..<requests {
                let page = 1 + number * max(1, pages / requests)
                var request = HTTPClientRequest(url: address.replacing("PAGE", with: "\(page)"))
                request.headers.add(name: "Cookie", value: cookie)
                let seconds = try await Stopwatch.seconds { [request] in
                    let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
                    _ = try await answer.body.collect(upTo: 64 << 20)
                    // A redirect leads to another page, such as the sign-in.
                    guard answer.status == .ok, answer.history.count <= 1 else {
                        throw BenchError("The server answered \(answer.status) to \(request.url), or redirected it.")
                    }
                }
                times.append(seconds * 1000)
            }
            return times
        }
    }
}
