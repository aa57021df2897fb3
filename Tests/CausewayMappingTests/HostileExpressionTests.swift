import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("Expressions that do what they must not")
struct HostileExpressionTests {
    @Test(
        "what reaches outside is refused",
        arguments: [
            "open('/etc/passwd').read()", "__import__('os').listdir('/')", "__import__('os').environ['HOME']",
            "__import__('os').fork()", "__import__('os').execv('/bin/sh', ['sh'])", "__import__('os').stat('/etc')",
            "open('/tmp/causeway-was-here', 'w')", "__import__('socket').socket()",
            "__import__('subprocess').run(['true'])", "__import__('threading').Thread(target=print).start()",
            "__import__('os').kill(__import__('os').getppid(), 9)",
        ]
    )
    func outside(_ attempt: String) async throws {
        try await MappingBench.with(["\(attempt)\nreturn {'city': 'reached'}"]) { bench in
            let problem = try #require(try await bench.problem(), "\(attempt) succeeded")
            #expect(!problem.message.isEmpty)
        }
    }

    @Test(
        "what breaks the worker fails its own object only",
        arguments: [
            "while True: pass", "import sys\nsys.modules['os']._exit(7)", "x = bytearray(10**10)",
            "return {'city': 'x' * (100 << 20)}", "def f(): return f()\nf()",
            "class X: pass\nx = []\nwhile True: x.append(X())",
        ]
    )
    func breaking(_ attempt: String) async throws {
        let lines = attempt.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let expression = "if user.username == 'bad':\n\(lines)\nreturn {'city': user.username}"
        try await MappingBench.with([expression]) { limits in
            limits.timeLimit = .milliseconds(300)
        } _: { bench in
            let inputs = (0..<30).map { MappingInput.user($0 == 17 ? "bad" : "good-\($0)") }
            let outcomes = try await bench.pool.evaluate(inputs)
            for (place, outcome) in outcomes.enumerated() {
                switch outcome {
                case .desired(let made): #expect(place != 17 && made.properties["city"] == .string("good-\(place)"))
                case .failed: #expect(place == 17)
                case .skipped: Issue.record("nothing is skipped here")
                }
            }
        }
    }

    @Test("what a mapping prints is not heard among the answers")
    func printing() async throws {
        let expression = "import sys\nprint('x' * 100000)\nsys.stderr.write('noise')\nreturn {'city': 'Oslo'}"
        try await MappingBench.with([expression]) { bench in
            let made = try await bench.properties(.user("ada"))
            #expect(made.properties == ["city": "Oslo"])
        }
    }

    @Test("mappings that break every worker stop the evaluation instead of taking all night")
    func endless() async throws {
        try await MappingBench.with(["while True: pass"]) { limits in
            limits.timeLimit = .milliseconds(50)
            limits.stoppedInARow = 3
        } _: { bench in
            let inputs = (0..<100).map { MappingInput.user("user-\($0)") }
            let error = await #expect(throws: MappingHostError.self) { try await bench.pool.evaluate(inputs) }
            #expect(error?.description.contains("3 times in a row") == true)
        }
    }
}
