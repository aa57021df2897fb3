import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import CausewayTestSupport
import Foundation
import Logging
import Testing

@Suite("Workers that explanations and previews share")
struct WarmWorkerTests {
    @Test("a second explanation starts no process; changed mappings or settings do")
    func reused() async throws {
        try await EngineFixture.with { fixture in
            try await WarmExplainer.with(fixture, WarmWorkers()) { explainer in
                let ada = ObjectReference(try await fixture.addUser("ada").id)
                let bob = ObjectReference(try await fixture.addUser("bob").id)
                let first = try await explainer.explain(ada)
                #expect(try explainer.starts().count == 1)
                #expect(try await explainer.explain(ada).next == first.next)
                let other = try await explainer.explain(bob)
                #expect(other.attributes.first { $0.name == "displayName" }?.desired == "Person bob")
                #expect(try explainer.starts().count == 1)
                let own = DefaultMappings.user.expression.replacing("request.user.name", with: "'Changed'")
                try await fixture.setUserMapping(own)
                let changed = try await explainer.explain(ada)
                #expect(changed.attributes.first { $0.name == "displayName" }?.desired == "Changed")
                #expect(try explainer.starts().count == 2)
                try await fixture.set { $0.name = "Renamed" }
                _ = try await explainer.explain(ada)
                _ = try await explainer.explain(ada)
                #expect(try explainer.starts().count == 3)
            }
        }
    }

    @Test("a preview uses the worker of an explanation with the same mappings")
    func previews() async throws {
        try await EngineFixture.with { fixture in
            try await WarmExplainer.with(fixture, WarmWorkers()) { explainer in
                let ada = ObjectReference(try await fixture.addUser("ada").id)
                _ = try await explainer.explain(ada)
                let trial = MappingPreview(store: fixture.store, runtime: explainer.runtime)
                _ = try await trial.run(on: ada, at: fixture.current())
                #expect(try explainer.starts().count == 1)
                let own = [PropertyMapping(name: "try", expression: "return {'city': 'Oslo'}")]
                for _ in 0..<2 { _ = try await trial.run(on: ada, at: fixture.current(), mappings: own) }
                #expect(try explainer.starts().count == 2)
            }
        }
    }

    @Test("a run uses the worker of the run before it")
    func runs() async throws {
        try await EngineFixture.with { fixture in
            try await WarmExplainer.with(fixture, WarmWorkers()) { explainer in
                let ada = try await fixture.addUser("ada")
                let runs = RunCoordinator(store: fixture.store, runtime: explainer.runtime)
                let instruction = RunInstruction(fixture.provider, trigger: .manual, mode: .apply)
                #expect(try await runs.run(instruction).status == .succeeded)
                try await fixture.change(ada) { $0.name = "Ada Byron" }
                #expect(try await runs.run(instruction).status == .succeeded)
                #expect(try explainer.starts().count == 1)
                let accounts = try await fixture.client.all("/users?$select=displayName")
                #expect(accounts.map { $0["displayName"]?.string } == ["Ada Byron"])
            }
        }
    }

    @Test("an idle worker that was killed is replaced without an error")
    func killed() async throws {
        try await EngineFixture.with { fixture in
            try await WarmExplainer.with(fixture, WarmWorkers()) { explainer in
                let ada = ObjectReference(try await fixture.addUser("ada").id)
                let first = try await explainer.explain(ada)
                let process = try #require(try explainer.starts().first)
                #expect(kill(process, SIGKILL) == 0)
                #expect(try await explainer.explain(ada).next == first.next)
                #expect(try explainer.starts().count == 2)
            }
        }
    }

    @Test("the number of idle workers is limited, and a shutdown ends them")
    func bounds() async throws {
        try await EngineFixture.with { fixture in
            let warm = WarmWorkers(capacity: 1)
            try await WarmExplainer.with(fixture, warm) { explainer in
                let ada = ObjectReference(try await fixture.addUser("ada").id)
                let group = try await fixture.store.write { try $0.createGroup(GroupProfile(name: "Staff")) }
                _ = try await explainer.explain(ada)
                _ = try await explainer.explain(ObjectReference(group.id))
                let started = try explainer.starts()
                #expect(started.count == 2)
                try await explainer.untilEnded(started[0])
                #expect(kill(started[1], 0) == 0)
                warm.shutdown()
                try await explainer.untilEnded(started[1])
                _ = try await explainer.explain(ada)
                try await explainer.untilEnded(try #require(try explainer.starts().last))
            }
        }
    }

    @Test("a worker that no evaluation needs ends by itself")
    func idle() async throws {
        try await EngineFixture.with { fixture in
            try await WarmExplainer.with(fixture, WarmWorkers(idleLimit: .milliseconds(1))) { explainer in
                let ada = ObjectReference(try await fixture.addUser("ada").id)
                let first = try await explainer.explain(ada)
                try await explainer.untilEnded(try #require(try explainer.starts().first))
                #expect(try await explainer.explain(ada).next == first.next)
                #expect(try explainer.starts().count == 2)
            }
        }
    }
}

/// Explains objects of a fixture with idle workers, and records each process that starts for it.
private struct WarmExplainer {
    let fixture: EngineFixture
    let runtime: ProvisioningRuntime
    private let processes: URL

    static func with(
        _ fixture: EngineFixture,
        _ warm: WarmWorkers,
        _ body: (WarmExplainer) async throws -> Void
    ) async throws {
        try await TemporaryFolder.with { folder in
            let (launcher, processes) = (folder.appending(path: "launcher"), folder.appending(path: "processes"))
            // The process keeps its id while it becomes the launcher and then Python.
            let script =
                "#!/bin/sh\necho $$ >> '\(processes.path)'\nexec '\(try MappingEnvironment.find().launcher)' \"$@\"\n"
            // Written by another process: a child of another test may inherit what this one has open for writing, and a
            // program that is open for writing cannot be started.
            _ = try await Program.run(
                ["-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", launcher.path],
                at: URL(filePath: "/bin/sh"),
                input: Array(script.utf8)
            )
            var logger = Logger(label: "test")
            logger.logLevel = .critical
            let host = try MappingEnvironment.find(launcher: launcher.path)
            var runtime = try ProvisioningRuntime.load(mappings: host, limits: nil, logger: logger)
            runtime.warmWorkers = warm
            // A process that only queries the kernel is not a worker.
            try FileManager.default.removeItem(at: processes)
            try await body(WarmExplainer(fixture: fixture, runtime: runtime, processes: processes))
            warm.shutdown()
        }
    }

    /// The processes of all workers that have started.
    func starts() throws -> [pid_t] {
        try String(contentsOf: processes, encoding: .utf8).split(separator: "\n").compactMap { pid_t($0) }
    }

    func explain(_ object: ObjectReference) async throws -> Explanation {
        try await Explainer(store: fixture.store, runtime: runtime).explain(object, at: fixture.current())
    }

    func untilEnded(_ process: pid_t) async throws {
        while kill(process, 0) == 0 { try await Task.sleep(for: .milliseconds(1)) }
    }
}
