import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Crypto
import Foundation
import Testing

@testable import CausewayAPI

@Suite("The list of breached passwords")
struct BreachedPasswordTests {
    private static func hash(_ password: String) -> String {
        Insecure.SHA1.hash(data: Data(password.utf8)).map { String(format: "%02X", $0) }.joined()
    }

    private static func with(_ text: String, _ body: (String) throws -> Void) async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "hashes.txt")
            try Data(text.utf8).write(to: file)
            try body(file.path)
        }
    }

    @Test("every password of a list is found, and no other", arguments: ["\r\n", "\n"], [1, 2, 3, 500])
    func found(_ end: String, _ count: Int) async throws {
        let passwords = (0..<count).map { "password number \($0)" }
        let lines = passwords.enumerated().map { number, password in "\(Self.hash(password)):\(number * 997 + 1)" }
            .sorted()
        for text in [lines.joined(separator: end), lines.joined(separator: end) + end] {
            try await Self.with(text) { path in
                let list = try BreachedPasswords(path: path)
                for password in passwords { #expect(try list.contains(password), "\(password)") }
                for number in 0..<200 {
                    let isFound = try list.contains("another password \(number)")
                    #expect(!isFound)
                }
            }
        }
    }

    @Test("hashes in lower case and without numbers are read")
    func forms() async throws {
        let lines = ["one", "two", "three"].map { Self.hash($0).lowercased() }.sorted()
        try await Self.with(lines.joined(separator: "\n")) { path in
            let list = try BreachedPasswords(path: path)
            #expect(try list.contains("one") && list.contains("two") && list.contains("three"))
            #expect(try !list.contains("four"))
        }
    }

    @Test("a file of another kind is refused, with the reason")
    func refused() async throws {
        let sorted = (0..<100).map { Self.hash("\($0)") }.sorted()
        for (text, reason) in [
            ("", "is empty"), ("password\n123456\n", "has no SHA-1 hash"),
            (String(repeating: "0123456789ABCDEF0123456789ABCDEF:1\n", count: 9), "has no SHA-1 hash"),
            (sorted.reversed().joined(separator: "\n"), "not sorted"),
            (String(repeating: "A", count: 5000), "has no SHA-1 hash"),
        ] {
            try await Self.with(text) { path in
                let error = #expect(throws: BreachedPasswordsError.self) { try BreachedPasswords(path: path) }
                #expect(
                    error?.description.contains(reason) == true && error?.description.contains(path) == true,
                    "\(reason)"
                )
            }
        }
        #expect(throws: BreachedPasswordsError.self) { () throws in try BreachedPasswords(path: "/nowhere/hashes.txt") }
    }

    @Test("a strong password of the list is refused, wherever one is set")
    func rule() async throws {
        let password = "violet otters juggle tax forms"
        let lines = [password, "something else", "a third one"].map { "\(Self.hash($0)):3" }.sorted()
        try await Self.with(lines.joined(separator: "\n")) { path in
            let rule = PasswordRule(breached: try BreachedPasswords(path: path))
            let user = UserProfile(username: "ada")
            #expect(try PasswordRule().violation(to: password, of: user) == nil)
            #expect(try rule.violation(to: password, of: user)?.contains("became public") == true)
            #expect(try rule.violation(to: password + "!", of: user) == nil)
        }
    }

    @Test("the server and the command line refuse a password of the configured list")
    func configured() async throws {
        try await TemporaryFolder.with { folder in
            let (file, text) = (folder.appending(path: "hashes.txt"), "violet otters juggle tax forms")
            try Data("\(Self.hash(text)):3\n".utf8).write(to: file)
            let setting = ["CAUSEWAY_BREACHED_PASSWORDS": file.path]
            try await ServedProgram.with(environment: setting) { server in
                let user = try await server.send("POST", "/core/users/", ["username": "ada", "name": ""])
                let path = "/core/users/\(user.body["pk"]?.text ?? "")/set_password/"
                let refused = try await server.send("POST", path, ["password": .string(text)])
                #expect(refused.status == 400 && refused.body["password"]?.text.contains("became public") == true)
                #expect(try await server.send("POST", path, ["password": .string(text + "!")]).status == 204)
                let secret = folder.appending(path: "password")
                try Data(text.utf8).write(to: secret)
                let made = try await Program.run(
                    ["user", "create-admin", "bob", "--password-file", secret.path, "--data", server.folder.path],
                    environment: setting
                )
                #expect(made.status == 1 && made.errors.contains("became public"), "\(made.errors)")
            }
        }
    }
}
