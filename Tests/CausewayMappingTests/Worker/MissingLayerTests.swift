import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation
import Testing

/// Kernels that lack a layer are imitated by a program in front of the launcher: a filter answers the layer's system calls as such a
/// kernel would.
@Suite("A kernel without one of the protections")
struct MissingLayerTests {
    private func host(without layer: String, _ sandbox: SandboxPolicy, _ folder: URL) throws -> MappingEnvironment {
        let link = folder.appending(path: "launcher-without-\(layer)")
        let targets = [
            link: Bundle.module.bundleURL.appending(path: "Resources/launcher-of-older-kernel").path,
            folder.appending(path: "causeway-sandbox"): try MappingEnvironment.find().launcher,
        ]
        for (link, target) in targets {
            try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
        }
        return try MappingEnvironment.find(launcher: link.path, sandbox: sandbox)
    }

    private func outcome(_ expression: String, on host: MappingEnvironment) async throws -> MappingOutcome {
        let set = MappingSet(kind: .user, [PropertyMapping(name: "m", expression: expression)])
        let pool = MappingPool(set: set, types: try .load(), environment: host, directory: EmptyDirectory())
        let result: Result<MappingOutcome, any Error>
        do { result = .success(try await pool.evaluate([.user("ada")])[0].outcome) } catch { result = .failure(error) }
        await pool.shutdown()
        return try result.get()
    }

    private func inFolder(_ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "causeway-layers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder)
    }

    @Test(
        "mappings are not run, with a message that says what is missing and how to accept it",
        arguments: [("landlock", "Landlock"), ("seccomp", "seccomp")]
    )
    func refused(_ layer: String, _ name: String) async throws {
        try await inFolder { folder in
            let host = try host(without: layer, .required, folder)
            #expect(host.protection.missing.count == 1)
            let error = await #expect(throws: MappingEnvironmentError.self) {
                try await outcome("return {'city': 'Oslo'}", on: host)
            }
            #expect(error?.description.contains(name) == true)
            #expect(error?.description.contains("CAUSEWAY_MAPPING_SANDBOX=available") == true)
        }
    }

    @Test("once that is accepted, mappings run with the remaining protections", arguments: ["landlock", "seccomp"])
    func accepted(_ layer: String) async throws {
        try await inFolder { folder in
            let host = try host(without: layer, .available, folder)
            guard case .desired(let made) = try await outcome("return {'city': 'Oslo'}", on: host) else {
                Issue.record("not evaluated without \(layer)")
                return
            }
            #expect(made.properties == ["city": "Oslo"])
            // Either layer alone keeps files out of reach.
            guard case .failed = try await outcome("open('/etc/hostname').read()\nreturn {'city': 'reached'}", on: host)
            else {
                Issue.record("a file was reached without \(layer)")
                return
            }
        }
    }
}
