import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Signing in to PostgreSQL", .onlyPostgreSQL)
struct PostgreSQLSignInTests {
    private static func refusal(_ server: OwnServer, at url: String) async throws -> StoreError {
        try #require(await #expect(throws: StoreError.self) { try await server.open(at: url) })
    }

    @Test("a password is checked by SCRAM, from the URL or a password file, and no message repeats it")
    func password() async throws {
        try await OwnServer.with("password_encryption = 'scram-sha-256'") { server in
            try await server.query("ALTER ROLE postgres PASSWORD 'hush-hush'")
            try await server.stop(.fast)
            try server.allow("local all all scram-sha-256")
            try await server.start()
            let host = "host=\(server.folder.path)"
            try await server.open(at: "postgres://postgres:hush-hush@/postgres?\(host)").close()
            let wrong = try await Self.refusal(server, at: "postgres://postgres:hush-you@/postgres?\(host)")
            #expect(wrong.code == .unsuitable && wrong.message.contains("password authentication failed"))
            #expect(!wrong.message.contains("hush"))
            let none = try await Self.refusal(server, at: server.url + "&passfile=/nonexistent")
            #expect(none.code == .unsuitable && none.message.contains("no password supplied"), "\(none)")
            try await TemporaryFolder.with { folder in
                let file = folder.appending(path: "pass")
                try Data("*:*:*:postgres:hush-hush\n".utf8).write(to: file)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
                try await server.open(at: server.url + "&passfile=\(file.path)").close()
            }
        }
    }

    /// Makes a certificate authority `ca`, and by it certificates for `localhost` and for the user `postgres`; and another authority.
    private static let certificates = """
        set -e
        cd "$1"
        authority() { openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -keyout $1.key -out $1.pem; }
        certificate() {
            openssl req -newkey rsa:2048 -nodes -subj "/CN=$1" -addext "subjectAltName = DNS:$1" -keyout $1.key -out $1.csr
            openssl x509 -req -in $1.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out $1.pem
        }
        authority ca; authority other; certificate localhost; certificate postgres
        chmod 600 *.key
        chown --reference "$1" *.key
        """

    @Test("with verify-full the server's certificate is checked, and a client certificate can stand for a password")
    func certificates() async throws {
        try await OwnServer.with { server in
            let made = try await Program.run(
                ["-c", Self.certificates, "sh", server.folder.path],
                at: URL(filePath: "/bin/sh")
            )
            try #require(made.status == 0, "\(made.errors)")
            // Of a listener that has ended.
            let port = try #require(URL(string: LoopbackListener().url)?.port)
            let folder = server.folder.path
            for setting in [
                "listen_addresses = '127.0.0.1'", "port = \(port)", "ssl = on",
                "ssl_cert_file = '\(folder)/localhost.pem'",
                "ssl_key_file = '\(folder)/localhost.key'", "ssl_ca_file = '\(folder)/ca.pem'",
            ] { try server.set(setting) }
            try await server.stop(.fast)
            try server.allow("hostssl all all 127.0.0.1/32 cert")
            try await server.start()
            func url(_ host: String, ca: String) -> String {
                "postgres://postgres@\(host):\(port)/postgres?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=\(folder)/\(ca).pem"
            }
            let client = "&sslcert=\(folder)/postgres.pem&sslkey=\(folder)/postgres.key"
            try await server.open(at: url("localhost", ca: "ca") + client).close()
            let unknown = try await Self.refusal(server, at: url("localhost", ca: "other") + client)
            #expect(unknown.code == .unavailable && unknown.message.contains("certificate verify failed"), "\(unknown)")
            let misnamed = try await Self.refusal(server, at: url("db.example.com", ca: "ca") + client)
            #expect(misnamed.message.contains("does not match host name"), "\(misnamed)")
            let anonymous = try await Self.refusal(server, at: url("localhost", ca: "ca"))
            #expect(anonymous.message.contains("certificate"), "\(anonymous)")
        }
    }
}
