import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

/// The built program, serving an empty directory, with a token of an administrator.
struct ServedProgram: Sendable {
    let folder: URL
    let origin: String
    let key: String

    /// - Parameter environment: settings of the server.
    static func with<Value: Sendable>(
        environment: [String: String] = [:],
        _ body: (ServedProgram) async throws -> Value
    )
        async throws -> Value
    {
        try await TemporaryFolder.with { folder in
            let data = ["--data", folder.path]
            let password = folder.appending(path: "password")
            try Data("a long pass phrase\n".utf8).write(to: password)
            let made = try await Program.run(["user", "create-admin", "root", "--password-file", password.path] + data)
            try #require(made.status == 0, "\(made.errors)")
            let token = try await Program.run(["user", "create-token", "root", "test", "--json"] + data)
            let key = try #require(token.json["key"]?.string, "\(token.errors)")
            return try await RunningProgram.with(["serve", "--listen", "127.0.0.1:0"] + data, environment: environment)
            {
                try await body(ServedProgram(folder: folder, origin: try await $0.origin(), key: key))
            }.value
        }
    }

    /// Sends a request with the administrator's token, or with another key; nil for none.
    func send(_ method: String, _ path: String, _ body: JSONValue? = nil, key: String? = "") async throws -> HTTP.Answer
    {
        let token = key == "" ? self.key : key
        let headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        return try await HTTP.send(method, origin + "/api/v3" + path, headers: headers, body: body)
    }
}
