import CausewayProvisioning
import CausewayTestSupport
import Foundation
import Testing

@testable import causeway

@Suite("Settings")
struct SettingsTests {
    @Test("flags take precedence over variables, variables over the file, the file over defaults")
    func order() async throws {
        try await TemporaryFolder.with { folder in
            let file = folder.appending(path: "causeway.yaml")
            try Data("listen: 127.0.0.1:1\ndatabase: from-file\n".utf8).write(to: file)
            let environment = ["CAUSEWAY_LISTEN": "127.0.0.1:2", "HOME": "/home/x"]
            let settings = try Settings(flags: ["data": folder.path], environment: environment)
            #expect(settings.listen.value == "127.0.0.1:2" && settings.listen.origin == .environment)
            #expect(settings.database.value == "from-file" && settings.database.origin == .file)
            let flagged = try Settings(flags: ["data": folder.path, "listen": "[::1]:3"], environment: environment)
            #expect(flagged.listen.value == "[::1]:3" && flagged.listen.origin == .flag)
            let standard = try Settings(flags: [:], environment: ["HOME": "/home/x"])
            #expect(standard.data.value == "/home/x/.local/share/causeway")
        }
    }

    @Test(
        "a settings file with unknown names is refused with the names, and a missing one with its path",
        arguments: ["color: red\n", "- a\n- b\n"]
    )
    func brokenFile(_ text: String) async throws {
        try await TemporaryFolder.with { folder in
            try Data(text.utf8).write(to: folder.appending(path: "causeway.yaml"))
            let error = #expect(throws: UserError.self) {
                try Settings(flags: ["data": folder.path], environment: [:])
            }
            #expect(error?.description.contains("causeway.yaml") == true)
        }
    }

    @Test(
        "an invalid value is refused with the setting's name, whether or not the command uses it",
        arguments: [
            ("mapping_types", "maybe"), ("mapping_sandbox", "off"), ("mapping_workers", "0"),
            ("sign_in_failures", "none"), ("trust_proxy", "perhaps"), ("allow_link_local", "1"),
            ("minimum_free_space", "much"), ("max_connections", "many"), ("max_connections_per_address", "-1"),
            ("keep_runs_days", "-1"), ("keep_actions", "999"), ("keep_events_days", "a year"), ("keep_events", "few"),
            ("allowed_hosts", "a b"), ("breached_passwords", "/nowhere/hashes.txt"),
        ]
    )
    func wrongValues(_ name: String, _ value: String) async throws {
        try await TemporaryFolder.with { folder in
            let flags = ["data": folder.path]
            let settings = try Settings(flags: flags, environment: ["CAUSEWAY_\(name.uppercased())": value])
            let error = #expect(throws: UserError.self) { try settings.validate() }
            #expect(error?.description.hasPrefix("The setting \(name) must be ") == true, "\(error as Any)")
            try Settings(flags: flags, environment: [:]).validate()
        }
    }

    @Test("addresses to listen on are read", arguments: [("127.0.0.1:0", "127.0.0.1", 0), ("[::1]:9000", "::1", 9000)])
    func addresses(_ text: String, _ host: String, _ port: Int) throws {
        let address = try ListenAddress(text)
        #expect(address.host == host && address.port == port)
    }

    @Test("an invalid address is refused", arguments: ["9000", "host:", ":9000", "host:99999", ""])
    func noAddresses(_ text: String) {
        #expect(throws: UserError.self) { () throws in try ListenAddress(text) }
    }

    @Test("the times of a sync and of a lease are set in seconds")
    func timing() throws {
        let environment = ["CAUSEWAY_CONSISTENCY_WINDOW": "5", "CAUSEWAY_RETRY_PAUSE": "0.25", "CAUSEWAY_LEASE": "6.5"]
        let timing = try TimingSettings(environment: environment)
        #expect(timing.consistencyWindow == .seconds(5) && timing.retryPause == .milliseconds(250))
        #expect(timing.leases?.duration == .milliseconds(6500))
        let standard = try TimingSettings(environment: [:])
        #expect(standard.consistencyWindow == .seconds(600) && standard.retryPause == .milliseconds(500))
        #expect(standard.leases == nil)
    }

    @Test(
        "a time that is no number of seconds, or not in its range, is refused with the setting's name",
        arguments: [
            ("CONSISTENCY_WINDOW", "soon"), ("RETRY_PAUSE", "-1"), ("LEASE", "a minute"), ("LEASE", "5.9"),
            ("LEASE", "601"), ("LEASE", "nan"),
        ]
    )
    func wrongTiming(_ name: String, _ value: String) {
        let error = #expect(throws: UserError.self) { try TimingSettings(environment: ["CAUSEWAY_\(name)": value]) }
        #expect(error?.description.hasPrefix("CAUSEWAY_\(name) must be a number of seconds from ") == true)
        #expect(error?.description.hasSuffix("not '\(value)'.") == true)
    }
}
