package import CausewayJSON
package import Foundation

/// The built program, serving an empty directory, with a token of an administrator.
package struct ServedProgram: Sendable {
    package let folder: URL
    package let origin: String
    /// The key of the administrator's token.
    package let key: String
    /// The process, also after its end.
    package let program: RunningProgram

    /// The password of the administrator `root`.
    package static let password = "a long pass phrase"

    /// - Parameter environment: settings of the server.
    package static func with<Value: Sendable>(
        environment: [String: String] = [:],
        _ body: (ServedProgram) async throws -> Value
    )
        async throws -> Value
    {
        try await TemporaryFolder.with { folder in
            let key = try await setUp(in: folder)
            return try await serving(folder, key: key, environment: environment, body)
        }
    }

    /// Creates the administrator `root` in a new data folder.
    ///
    /// - Returns: the key of the administrator's token.
    package static func setUp(in folder: URL) async throws -> String {
        let data = ["--data", folder.path]
        let password = folder.appending(path: "password")
        try Data("\(Self.password)\n".utf8).write(to: password)
        let made = try await Program.run(["user", "create-admin", "root", "--password-file", password.path] + data)
        guard made.status == 0 else { throw NotServed(description: made.errors) }
        let token = try await Program.run(["user", "create-token", "root", "test", "--json"] + data)
        guard let key = try token.json["key"]?.string else { throw NotServed(description: token.errors) }
        return key
    }

    /// Serves a data folder that was set up, and asks the server to end after the body.
    ///
    /// - Throws: `RunningProgram.NotEnded` if it had to be killed.
    package static func serving<Value: Sendable>(
        _ folder: URL,
        key: String,
        environment: [String: String] = [:],
        _ body: (ServedProgram) async throws -> Value
    ) async throws -> Value {
        let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
        return try await RunningProgram.with(arguments, environment: environment) {
            try await body(ServedProgram(folder: folder, origin: try await $0.origin(), key: key, program: $0))
        }.value
    }

    /// Sends a request with the administrator's token, or with another key; nil for none.
    package func send(_ method: String, _ path: String, _ body: JSONValue? = nil, key: String? = "") async throws
        -> HTTP.Answer
    {
        let token = key == "" ? self.key : key
        let headers = token.map { [("Authorization", "Bearer \($0)")] } ?? []
        return try await HTTP.send(method, origin + "/api/v3" + path, headers: headers, body: body)
    }

    /// Why it could not be set up.
    package struct NotServed: Error, CustomStringConvertible {
        package let description: String
    }
}
