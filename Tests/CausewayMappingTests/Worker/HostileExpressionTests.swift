import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

@Suite("Hostile expressions")
struct HostileExpressionTests {
    @Test(
        "access to anything outside the worker is refused",
        arguments: [
            "open('/etc/passwd').read()", "__import__('os').listdir('/')", "__import__('os').environ['HOME']",
            "__import__('os').fork()", "__import__('os').execv('/bin/sh', ['sh'])", "__import__('os').stat('/etc')",
            "open('/tmp/causeway-was-here', 'w')", "__import__('socket').socket()",
            "__import__('subprocess').run(['true'])", "__import__('threading').Thread(target=print).start()",
            "__import__('os').kill(__import__('os').getppid(), 9)",
            "__import__('os').kill(__import__('os').getpid(), 9)",
            "__import__('_signal').raise_signal(9)", "__import__('_signal').setitimer(0, 1)",
            "__import__('os').forkpty()", "__import__('os').posix_spawn('/bin/true', ['true'], {})",
            "__import__('os').pipe()", "__import__('os').getrandom(1) and __import__('os').memfd_create('x')",
            "__import__('os').chmod('/', 0)", "__import__('os').setuid(0)", "__import__('os').nice(-1)",
            "__import__('_socket').socket(2, 1)", "__import__('_ctypes').dlopen('libsqlite3.so.0', 2)",
            "__import__('resource').setrlimit(0, (1, 1))", "__import__('_multiprocessing')",
        ]
    )
    func outside(_ attempt: String) async throws {
        try await MappingFixture.with(["\(attempt)\nreturn {'city': 'reached'}"]) { fixture in
            let problem = try #require(try await fixture.problem(), "\(attempt) succeeded")
            #expect(!problem.message.isEmpty)
        }
    }

    @Test(
        "an expression that breaks the worker fails its own object only",
        arguments: [
            "while True: pass", "import sys\nsys.modules['os']._exit(7)", "x = bytearray(10**10)",
            "return {'city': 'x' * (100 << 20)}", "def f(): return f()\nf()",
            "class X: pass\nx = []\nwhile True: x.append(X())",
            // Every way to end a process with what is already in memory.
            "import sys\nsys.modules['ctypes'].string_at(0)", "import sys\nsys.modules['os'].abort()",
            "import time\ntime.sleep(60)", "return {'city': 10 ** 10 ** 8}",
            "x = '9' * 10 ** 9 * 10\nreturn {'city': x}",
            "import re\nre.match('(a+)+$', 'a' * 40 + 'b')", "raise SystemExit", "raise KeyboardInterrupt",
            // The pipe to the server: closed, filled, and written to.
            "import sys\nos = sys.modules['os']\nfor f in range(3, 20):\n    try: os.close(f)\n    except OSError: pass",
            "import sys\nos = sys.modules['os']\nfor f in range(3, 20):\n    try: os.write(f, b'x' * 40)\n    except OSError: pass",
            "import sys\nos = sys.modules['os']\nfor f in range(3, 20):\n    try: os.read(f, 1)\n    except OSError: pass",
            Self.forgedAnswer, "import sys\nsys.modules['os'].write(2, b'x' * 10 ** 7)",
        ]
    )
    func breaking(_ attempt: String) async throws {
        let lines = attempt.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        let expression = "if user.username == 'bad':\n\(lines)\nreturn {'city': user.username}"
        try await MappingFixture.with([expression]) { limits in
            limits.timeLimit = .seconds(2)
        } _: { fixture in
            let inputs = (0..<30).map { MappingInput.user($0 == 17 ? "bad" : "good-\($0)") }
            let outcomes = try await fixture.pool.evaluate(inputs).map(\.outcome)
            for (place, outcome) in outcomes.enumerated() {
                switch outcome {
                case .desired(let made): #expect(place != 17 && made.properties["city"] == .string("good-\(place)"))
                case .failed: #expect(place == 17)
                case .skipped: Issue.record("nothing is skipped here")
                }
            }
        }
    }

    /// A complete answer of the right form, written before the real one.
    private static let forgedAnswer = """
        import sys
        os, json = sys.modules["os"], sys.modules["json"]
        answer = os.urandom(8) + json.dumps([[[0, 0, ["forged"], None]] * 30, [[["city"], [""]]]]).encode()
        for f in range(3, 20):
            try: os.write(f, len(answer).to_bytes(4, "big") + answer)
            except OSError: pass
        """

    @Test("the next page is evaluated correctly after each of them")
    func nextPage() async throws {
        let expression = """
            if user.username.startswith("bad"):
            \(Self.forgedAnswer.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            return {"city": user.username}
            """
        try await MappingFixture.with([expression]) { limits in
            limits.workers = 1
            limits.pageSize = 10
        } _: { fixture in
            for round in 0..<5 {
                _ = try await fixture.pool.evaluate([.user("bad-\(round)")])
                let inputs = (0..<10).map { MappingInput.user("good-\(round)-\($0)") }
                for (place, result) in try await fixture.pool.evaluate(inputs).enumerated() {
                    guard case .desired(let made) = result.outcome else {
                        Issue.record("good-\(round)-\(place) has no result")
                        continue
                    }
                    #expect(made.properties["city"] == .string("good-\(round)-\(place)"))
                }
            }
        }
    }

    @Test("a mapping's change of shared state does not reach the next object")
    func mutation() async throws {
        let expression = """
            before = {"city": user.attributes.get("x"), "country": provider.name, "state": user.groups.first().attributes.get("x")}
            user.attributes["x"] = provider.name = user.groups.first().attributes["x"] = "changed"
            return before
            """
        try await MappingFixture.with([expression]) { limits in
            limits.workers = 1
        } _: { fixture in
            let group = Group(id: .random(), profile: GroupProfile(name: "Team"))
            let inputs = (0..<5).map { MappingInput.user("user-\($0)", groups: [group]) }
            for result in try await fixture.pool.evaluate(inputs) {
                guard case .desired(let made) = result.outcome else {
                    Issue.record("no result")
                    continue
                }
                #expect(made.properties == ["city": .null, "country": "Entra", "state": .null])
            }
        }
    }

    @Test("a mapping with endless look-ups is stopped")
    func tooManyQueries() async throws {
        try await MappingFixture.with(["n = 0\nwhile True:\n    n += 1\n    ak_user_by(username=str(n))"]) { limits in
            limits.questions = 50
            limits.timeLimit = .seconds(60)
        } _: { fixture in
            let problem = try #require(try await fixture.problem())
            #expect(problem.message.contains("50 times"))
        }
    }

    @Test("what a mapping prints does not disturb the worker's answers")
    func printing() async throws {
        let expression = "import sys\nprint('x' * 100000)\nsys.stderr.write('noise')\nreturn {'city': 'Oslo'}"
        try await MappingFixture.with([expression]) { fixture in
            let made = try await fixture.properties(.user("ada"))
            #expect(made.properties == ["city": "Oslo"])
        }
    }

    @Test("mappings that break every worker stop the evaluation early")
    func endless() async throws {
        try await MappingFixture.with(["while True: pass"]) { limits in
            limits.timeLimit = .milliseconds(50)
            limits.stoppedInARow = 3
        } _: { fixture in
            let inputs = (0..<100).map { MappingInput.user("user-\($0)") }
            let error = await #expect(throws: MappingEnvironmentError.self) { try await fixture.pool.evaluate(inputs) }
            #expect(error?.description.contains("3 times in a row") == true)
        }
    }
}
