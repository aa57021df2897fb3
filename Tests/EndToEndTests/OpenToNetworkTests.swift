import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("A server that everyone can reach", .serialized)
struct OpenToNetworkTests {
    private static let ready = "GET /-/health/ready/ HTTP/1.1\r\nHost: localhost\r\n\r\n"

    /// - Parameter limit: how many files the server may open.
    private static func serve<Value: Sendable>(
        _ environment: [String: String] = [:],
        files limit: Int = 1024,
        in folder: URL? = nil,
        _ body: (RunningProgram, String) async throws -> Value
    ) async throws -> Value {
        try await TemporaryFolder.with { base in
            let script = "ulimit -n \(limit); exec \"$0\" serve --listen 127.0.0.1:0 \"$@\""
            let folder = folder ?? base.appending(path: "data")
            let arguments = ["-c", script, Program.url.path, "--data", folder.path]
            return try await RunningProgram.with(
                arguments,
                at: URL(filePath: "/bin/sh"),
                environment: environment
            ) { running in try await body(running, try await running.origin()) }.value
        }
    }

    /// The first line of the answer to a request on a new connection.
    private static func status(_ origin: String, from address: String = "127.0.0.1") throws -> String {
        let connection = try RawConnection(to: origin, from: address)
        connection.send(ready)
        return String(connection.receive()?.prefix { $0 != "\r\n" } ?? "closed")
    }

    private static func waitUntilServed(_ origin: String) async throws {
        while try status(origin) != "HTTP/1.1 204 No Content" { try await Task.sleep(for: .milliseconds(20)) }
    }

    // MARK: Slow clients

    private static let impatience = [
        "CAUSEWAY_HEAD_TIMEOUT": "0.3", "CAUSEWAY_BODY_TIMEOUT": "0.3", "CAUSEWAY_IDLE_TIMEOUT": "0.3",
        "CAUSEWAY_WRITE_TIMEOUT": "0.3",
    ]

    /// Each ends when the server closes the connection, and never otherwise.
    private static let slowClients: [(name: String, behavior: @Sendable (RawConnection) async throws -> Void)] = [
        ("sends nothing", { _ = $0.receiveToEnd() }),
        (
            "sends half a head",
            {
                $0.send("GET / HTTP/1.1\r\nHost: loc")
                _ = $0.receiveToEnd()
            }
        ),
        ("sends a head in drips", { try await drip($0, "GET / HTTP/1.1\r\nX-", "a") }),
        (
            "sends a head and no body",
            {
                $0.send("POST /api/v3/core/users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n")
                _ = $0.receiveToEnd()
            }
        ),
        (
            "sends a body in drips",
            {
                try await drip(
                    $0,
                    "POST /api/v3/core/users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n",
                    "a"
                )
            }
        ),
        (
            "sends chunks in drips",
            {
                try await drip(
                    $0,
                    "POST /api/v3/core/users/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
                    "1\r\na\r\n"
                )
            }
        ),
        (
            "stays after its answer",
            {
                $0.send(ready)
                #expect($0.receiveToEnd().hasPrefix("HTTP/1.1 204"))
            }
        ),
        (
            "says that it closes, and does not",
            {
                $0.send(ready.replacingOccurrences(of: "Host:", with: "Connection: close\r\nHost:"))
                #expect($0.receiveToEnd().hasPrefix("HTTP/1.1 204"))
                while !$0.isClosed { try await Task.sleep(for: .milliseconds(20)) }
            }
        ),
        (
            "reads nothing of its answers",
            {
                let request = "GET /if/flow/login/ HTTP/1.1\r\nHost: localhost\r\n\r\n"
                while $0.sendWithoutWaiting(String(repeating: request, count: 50)) {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        ),
    ]

    private static func drip(_ connection: RawConnection, _ start: String, _ drop: String) async throws {
        var isOpen = connection.send(start)
        while isOpen, !connection.isClosed {
            try await Task.sleep(for: .milliseconds(20))
            isOpen = connection.send(drop)
        }
    }

    @Test("a client that keeps the server waiting loses its connection", arguments: slowClients.indices)
    func slowClient(_ number: Int) async throws {
        try await Self.serve(Self.impatience) { _, origin async throws in
            try await Self.slowClients[number].behavior(try RawConnection(to: origin))
            #expect(try Self.status(origin) == "HTTP/1.1 204 No Content")
        }
    }

    // MARK: Too many connections

    @Test("connections of one address are limited, and another address is served")
    func perAddress() async throws {
        try await Self.serve(["CAUSEWAY_MAX_CONNECTIONS_PER_ADDRESS": "4"]) { _, origin async throws in
            var held = try (0..<4).map { _ in try RawConnection(to: origin) }
            for connection in held {
                connection.send(Self.ready)
                #expect(connection.receive()?.hasPrefix("HTTP/1.1 204") == true)
            }
            let refused = try RawConnection(to: origin).receiveToEnd()
            #expect(refused.hasPrefix("HTTP/1.1 503") && refused.lowercased().contains("retry-after"), "\(refused)")
            #expect(try Self.status(origin, from: "127.0.0.2") == "HTTP/1.1 204 No Content")
            held.removeLast()
            try await Self.waitUntilServed(origin)
        }
    }

    @Test("behind a trusted proxy connections of one address are not limited")
    func behindProxy() async throws {
        let environment = ["CAUSEWAY_MAX_CONNECTIONS_PER_ADDRESS": "4", "CAUSEWAY_TRUST_PROXY": "true"]
        try await Self.serve(environment) { _, origin async throws in
            let held = try (0..<12).map { _ in try RawConnection(to: origin) }
            for connection in held {
                connection.send(Self.ready)
                #expect(connection.receive()?.hasPrefix("HTTP/1.1 204") == true)
            }
        }
    }

    @Test("connections of all addresses together are limited")
    func together() async throws {
        try await Self.serve(["CAUSEWAY_MAX_CONNECTIONS": "6"]) { _, origin async throws in
            var held = try (1...6).map { try RawConnection(to: origin, from: "127.0.0.\($0)") }
            for connection in held {
                connection.send(Self.ready)
                #expect(connection.receive()?.hasPrefix("HTTP/1.1 204") == true)
            }
            #expect(try RawConnection(to: origin, from: "127.0.0.9").receiveToEnd().hasPrefix("HTTP/1.1 503"))
            held = []
            try await Self.waitUntilServed(origin)
        }
    }

    @Test("with few open files allowed, floods are refused, and afterwards everything works")
    func fewFiles() async throws {
        try await TemporaryFolder.with { base in
            try await TenantProgram.with { tenant in
                let folder = base.appending(path: "data")
                let made = try await Program.run(
                    tenant.providerArguments("Entra", data: folder.path),
                    environment: ["CAUSEWAY_CLIENT_SECRET": "emulated-secret-value"]
                )
                #expect(made.status == 0, "\(made.errors)")
                let people = base.appending(path: "people.csv")
                try Data("Username,Email,Name\nada,ada@company.com,Ada Hopper\n".utf8).write(to: people)
                try await Self.serve(files: 256, in: folder) { running, origin async throws in
                    for _ in 0..<4 {
                        var flood: [RawConnection] = []
                        for number in 0..<400 {
                            // Connections without a place wait in the system's queue, or are refused.
                            flood.append(try RawConnection(to: origin, from: "127.0.0.\(number % 250 + 1)"))
                            flood.last?.send("GET / HTTP/1.1\r\n")
                            guard number < 300 else { break }
                        }
                        // Long enough for the runtime to read its threads, which is when it would end the process.
                        try await Task.sleep(for: .seconds(2))
                        #expect(!running.hasEnded)
                        let run = try await Program.run(["import", "csv", people.path, "--data", folder.path])
                        #expect(run.status == 0, "\(run.errors)")
                        flood = []
                        try await Self.waitUntilServed(origin)
                    }
                    let asked = try await Program.run(["schedule", "run", "Entra", "--data", folder.path])
                    #expect(asked.status == 0, "\(asked.errors)")
                    while true {
                        let status = try await Program.run(["status", "--json", "--data", folder.path])
                        if status.output.contains("succeeded") { break }
                        try #require(!running.hasEnded && !status.output.contains("failed"), "\(status.output)")
                    }
                }
            }
        }
    }

    @Test("with too few open files allowed the server does not start, and says so")
    func tooFewFiles() async throws {
        try await TemporaryFolder.with { folder in
            let cases = [
                (100, ["PATH": "/usr/bin:/bin"], "LimitNOFILE"),
                (300, ["CAUSEWAY_MAX_CONNECTIONS": "9999"], "there may be 102"),
            ]
            for (limit, environment, words) in cases {
                let script = "ulimit -n \(limit); exec \"$0\" serve --listen 127.0.0.1:0 --data \"$1\""
                let run = try await Program.run(
                    ["-c", script, Program.url.path, folder.path],
                    at: URL(filePath: "/bin/sh"),
                    environment: environment
                )
                #expect(run.status == 1 && run.errors.contains(words), "\(run.errors)")
            }
        }
    }

    @Test("bodies that are too large together are refused, and accepted when others are done")
    func bodies() async throws {
        try await Self.serve { _, origin async throws in
            let head =
                "POST /api/v3/core/users/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n"
            let part = String(repeating: " ", count: 1_900_000)
            var senders: [RawConnection] = []
            while !senders.contains(where: \.hasReceived) {
                try #require(senders.count < 60)
                let sender = try RawConnection(to: origin)
                sender.send(head + part)
                senders.append(sender)
                try await Task.sleep(for: .milliseconds(50))
            }
            let refused = senders.first(where: \.hasReceived)?.receive()
            #expect(refused?.hasPrefix("HTTP/1.1 503") == true, "\(refused ?? "")")
            #expect(senders.count > 20, "one body alone is no reason")
            senders = []
            while true {
                let sender = try RawConnection(to: origin)
                sender.send(head + part + String(repeating: " ", count: 100_000))
                if sender.receive()?.hasPrefix("HTTP/1.1 403") == true { break }
            }
        }
    }

    /// A command with few open files allowed: enough for a database, too few for a process.
    @Test("without pipes for a process that evaluates mappings, a command ends with a sentence")
    func noPipes() async throws {
        try await TemporaryFolder.with { folder in
            let data = ["--data", folder.path]
            let people = folder.appending(path: "people.csv")
            try Data("Username,Email\nada,ada@company.com\n".utf8).write(to: people)
            _ = try await Program.run(["import", "csv", people.path] + data)
            var sentences: Set<String> = []
            for limit in 10...20 {
                let script = "ulimit -n \(limit); exec \"$0\" \"$@\""
                let run = try await Program.run(
                    ["-c", script, Program.url.path, "mapping", "test", "--user", "ada"] + data,
                    at: URL(filePath: "/bin/sh")
                )
                #expect(run.status < 128, "\(limit) files: \(run.status) \(run.errors)")
                sentences.insert(run.errors)
            }
            #expect(
                sentences.contains { $0.contains("No process can be started for mappings: no pipe") },
                "\(sentences)"
            )
        }
    }

    @Test("an emulated tenant withstands floods too")
    func tenant() async throws {
        let script = "ulimit -n 256; exec \"$0\" tenant --listen 127.0.0.1:0 --domain company.com"
        _ = try await RunningProgram.with(["-c", script, Program.url.path], at: URL(filePath: "/bin/sh")) { running in
            let origin = try await running.origin()
            for _ in 0..<2 {
                var flood = try (0..<300).map { _ in try RawConnection(to: origin) }
                for connection in flood { connection.send("GET / HTTP/1.1\r\n") }
                try await Task.sleep(for: .seconds(2))
                flood = []
                #expect(try await HTTP.text("GET", origin + "/_control/state").status == 200)
            }
        }
    }

    // MARK: Headers

    @Test(
        "request headers that are too large are refused",
        arguments: [
            "GET /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\nX-A: \(String(repeating: "a", count: 40_000))\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "X-A: 1\r\n", count: 200))\r\n",
            "GET / HTTP/1.1\r\nHost: localhost\r\n\(String(repeating: "X-A: \(String(repeating: "a", count: 9000))\r\n", count: 9))\r\n",
        ]
    )
    func largeHead(_ head: String) async throws {
        try await Self.serve { _, origin async throws in
            let connection = try RawConnection(to: origin)
            connection.send(head)
            let answer = connection.receiveToEnd()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 400"), "\(answer.prefix(100))")
            #expect(try Self.status(origin) == "HTTP/1.1 204 No Content")
        }
    }

    private static func status(_ origin: String, path: String, host: String, _ headers: [String] = []) throws -> String
    {
        let connection = try RawConnection(to: origin)
        let lines = ["GET \(path) HTTP/1.1", "Host: \(host)", "Connection: close"] + headers
        connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        return String(connection.receive()?.dropFirst(9).prefix(3) ?? "")
    }

    @Test("a server that only this machine reaches refuses other host names")
    func foreignNames() async throws {
        try await Self.serve(["CAUSEWAY_ALLOWED_HOSTS": "causeway.company.com, other.company.com"]) {
            _,
            origin async throws in
            for host in [
                "127.0.0.1", "127.0.0.1:80", "localhost", "LOCALHOST:9000", "[::1]:9000", "causeway.company.com",
                "Other.company.com.:443",
            ] {
                #expect(try Self.status(origin, path: "/if/flow/login/", host: host) != "400", "\(host)")
            }
            for host in [
                "evil.example", "127.0.0.1.evil.example", "causeway.company.com.evil.example", "localhost@evil", "",
            ] {
                for path in ["/if/flow/login/", "/api/v3/root/config/", "/if/setup/"] {
                    #expect(try Self.status(origin, path: path, host: host) == "400", "\(host) \(path)")
                }
            }
            // Monitoring may use any name, and X-Forwarded-Host does not count.
            #expect(try Self.status(origin, path: "/-/health/live/", host: "evil.example") == "204")
            let forwarded = ["X-Forwarded-Host: causeway.company.com"]
            #expect(try Self.status(origin, path: "/if/flow/login/", host: "evil.example", forwarded) == "400")
        }
    }

    @Test("a trusted proxy says by which host name the server was called")
    func forwardedName() async throws {
        let environment = ["CAUSEWAY_ALLOWED_HOSTS": "causeway.company.com", "CAUSEWAY_TRUST_PROXY": "true"]
        try await Self.serve(environment) { _, origin async throws in
            let path = "/if/flow/login/"
            #expect(
                try Self.status(origin, path: path, host: "inner", ["X-Forwarded-Host: causeway.company.com"]) != "400"
            )
            #expect(try Self.status(origin, path: path, host: "inner", ["X-Forwarded-Host: evil.example"]) == "400")
            #expect(
                try Self.status(
                    origin,
                    path: path,
                    host: "inner",
                    ["X-Forwarded-Host: causeway.company.com, evil.example"]
                )
                    == "400"
            )
        }
    }

    @Test("by default a server behind a proxy accepts every host name, and a local server only local ones")
    func defaultNames() async throws {
        try await Self.serve { _, origin async throws in
            #expect(try Self.status(origin, path: "/if/flow/login/", host: "evil.example") == "400")
        }
        try await Self.serve(["CAUSEWAY_TRUST_PROXY": "true"]) { _, origin async throws in
            #expect(try Self.status(origin, path: "/if/flow/login/", host: "causeway.company.com") != "400")
        }
    }
}
