import CausewayJSON
import CausewayMapping
import CausewayModel
import Testing

/// What a mapping's result depends on in addition to its object decides whether the object is evaluated again.
@Suite("What results depend on")
struct DependenceTests {
    @Test(
        "a result that depends on its object alone says nothing more",
        arguments: [
            "return {\"display_name\": user.name}",
            "import re\nreturn {\"display_name\": re.sub(\"a\", \"b\", user.name)}",
            "import datetime\nday = datetime.date.fromisoformat(\"2024-05-01\")\nreturn {\"job_title\": f\"{day:%Y}\"}",
            "return {\"job_title\": getattr(user, \"username\")}",
            "from msgraph.generated.models.password_profile import PasswordProfile\n"
                + "return {\"password_profile\": PasswordProfile(password=request.user.password)}",
            "known = {\"a\", \"b\"}\nreturn {\"job_title\": \"yes\" if user.username in known else \"no\"}",
            "return {\"job_title\": \",\".join(sorted({g.name for g in user.groups.all()}))}",
            "ak_logger.info(\"seen\")\nreturn {\"display_name\": user.name}",
        ]
    )
    func itself(expression: String) async throws {
        #expect(try await Self.dependences(of: expression) == [])
    }

    @Test(
        "the time, chance and the process show in the text of an expression, evaluated or not",
        arguments: [
            "import datetime\nreturn {\"job_title\": str(datetime.datetime.now())}",
            "from datetime import date\nreturn {\"job_title\": date.today().isoformat()}",
            "from django.utils.timezone import now\nreturn {\"job_title\": str(now())}",
            "import time\nreturn {\"job_title\": user.name}",
            "import random\nreturn {\"job_title\": str(random.random())}",
            "import secrets\nreturn {\"job_title\": secrets.token_hex(4)}",
            "import uuid\nreturn {\"job_title\": str(uuid.uuid4())}",
            "import os\nreturn {\"job_title\": os.environ.get(\"HOME\", \"none\")}",
            "if user.name == \"x\":\n    import random\nreturn {\"display_name\": user.name}",
            "return {\"job_title\": str(hash(user.name))}",
            "return {\"job_title\": getattr(user, \"user\" + \"name\")}",
            "import datetime\nreturn {\"job_title\": str(getattr(datetime.datetime, \"now\")())}",
            "import operator, datetime\nreturn {\"job_title\": str(operator.methodcaller(\"today\")(datetime.date))}",
            "return {\"job_title\": type(user).__name__}",
        ]
    )
    func always(expression: String) async throws {
        #expect(try await Self.dependences(of: expression) == [.always])
    }

    @Test("questions to the directory are noticed when they are asked")
    func questions() async throws {
        let imports = "from authentik.core.models import Group, User\n"
        let users =
            imports + "found = User.objects.filter(username=\"boss\").first()\nreturn {\"job_title\": str(found)}"
        #expect(try await Self.dependences(of: users) == [.users])
        let groups = imports + "return {\"job_title\": str(Group.objects.filter(name=\"Staff\").exists())}"
        #expect(try await Self.dependences(of: groups) == [.groups])
        let both = imports + "return {\"job_title\": str((User.objects.count(), Group.objects.count()))}"
        #expect(try await Self.dependences(of: both) == [.users, .groups])
        let slug =
            "return {\"mail_nickname\": mail_nickname(group, connection, unique=True), \"display_name\": group.name}"
        let group = MappingInput(
            .group(Group(id: .random(), profile: GroupProfile(name: "staff")), parents: []),
            link: nil
        )
        #expect(try await Self.dependences(of: slug, .group, group) == [.groups])
    }

    @Test("only the objects whose mappings ask depend on the answer, the second of a page too")
    func objects() async throws {
        let expression = """
            from authentik.core.models import User
            if user.username.startswith("a"):
                return {"job_title": str(User.objects.filter(username="boss").exists())}
            return {"job_title": "none"}
            """
        let results = try await MappingFixture.with([expression]) { fixture in
            try await fixture.pool.evaluate([.user("ada"), .user("bob"), .user("amy")])
        }
        #expect(results.map(\.notes.dependences) == [[.users], [], [.users]])
    }

    @Test("sets have the same order in every process")
    func order() async throws {
        let expression = "return {\"job_title\": \"\".join(set(\"abcdefghijklmnopqrstuvwxyz\"))}"
        var seen: Set<String> = []
        for _ in 0..<3 {
            try await MappingFixture.with([expression]) { fixture in
                let made = try await fixture.properties(.user("ada"))
                seen.insert(try #require(made.properties["jobTitle"]?.string))
            }
        }
        #expect(seen.count == 1)
    }

    private static func dependences(
        of expression: String,
        _ kind: ObjectKind = .user,
        _ input: MappingInput = .user("ada")
    ) async throws -> Set<MappingNotes.Dependence> {
        try await MappingFixture.with([expression], kind: kind) { fixture in
            let result = try #require(try await fixture.pool.evaluate([input]).first)
            guard case .desired = result.outcome else {
                Issue.record("\(result.outcome)")
                return []
            }
            return result.notes.dependences
        }
    }
}
