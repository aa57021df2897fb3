import CausewayJSON
import CausewayTestSupport
import Foundation
import Testing

@Suite("causeway node", .timeLimit(.minutes(15)))
struct NodeCommandTests {
    private static func run(_ arguments: String..., data: URL) async throws -> Program {
        try await Program.run(["node"] + arguments + ["--data", data.path])
    }

    @Test("without a server there is no node, and none can be drained")
    func none() async throws {
        try await TemporaryFolder.with { folder in
            let list = try await Self.run("list", data: folder)
            #expect(list.status == 0 && list.output.contains("No server is running."), "\(list.errors)")
            #expect(try await Self.run("list", "--json", data: folder).json == [])
            for verb in ["drain", "undrain"] {
                let refused = try await Self.run(verb, "ada", data: folder)
                #expect(refused.status == 1 && refused.errors.contains("There is no node 'ada'"), "\(refused.errors)")
            }
        }
    }

    @Test("a server is a node while it runs; it is drained and undrained by its name, and the log tells that")
    func draining() async throws {
        try await TemporaryFolder.with { folder in
            let serving = ["serve", "--listen", "127.0.0.1:0", "--node-name", "ada", "--data", folder.path]
            _ = try await RunningProgram.with(serving) { program in
                _ = try await program.origin()
                let list = try await Self.run(data: folder)
                #expect(list.output.contains("ada") && list.output.contains("working"), "\(list.output) \(list.errors)")
                for (verb, state) in [("drain", "draining"), ("undrain", "working")] {
                    let changed = try await Self.run(verb, "ada", data: folder)
                    #expect(changed.status == 0 && changed.output.contains("'ada' starts"), "\(changed.errors)")
                    let node = try await Self.run("list", "--json", data: folder).json.array?.first
                    #expect(node?["name"] == "ada" && node?["state"] == .string(state), "\(node?.text ?? "")")
                    #expect(node?["is_draining"] == .bool(verb == "drain") && node?["work"] == [])
                }
            }
            #expect(try await Self.run("list", "--json", data: folder).json == [])
            let log = try await Program.run(["log", "--type", "node", "--changes", "--data", folder.path])
            #expect(log.output.matches(of: /node ada/).count == 2, "\(log.output) \(log.errors)")
            #expect(log.output.contains("is_draining: false → true"), "\(log.output)")
        }
    }
}
