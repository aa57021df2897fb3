import CausewayHelp
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayWeb

/// Each test runs a module of `Resources/walk` with its own browser, server and tenant. Two run at once, since a walk keeps about one
/// core busy.
@Suite("The admin interface in a browser")
struct WalkTests {
    @Suite("Providers and their runs", .serialized)
    struct Provisioning {
        @Test("the set-up page creates the first administrator of a server")
        func setup() async throws {
            try await TemporaryFolder.with { folder in
                let arguments = ["serve", "--listen", "127.0.0.1:0", "--data", folder.path]
                _ = try await RunningProgram.with(arguments) { running in
                    let line = try await running.line(containing: "/if/setup/?token=")
                    let link = line.trimmingCharacters(in: .whitespaces)
                    let origin = try #require(link.firstRange(of: "/if/setup/").map { String(link[..<$0.lowerBound]) })
                    try await WalkTests.walk("setup", ["origin": .string(origin), "setup": .string(link)])
                }
            }
        }

        @Test("a person can get from the sign-in to a synced tenant: provider, application, mapping, first sync")
        func seed() async throws { try await WalkTests.walk("seed") }

        @Test("the same with the keyboard alone, and what a screen reader is told on each page")
        func seedByKeyboard() async throws { try await WalkTests.walk("seed_by_keyboard") }

        @Test("the same takes at most 21 clicks")
        func seedClicks() async throws { try await WalkTests.walk("seed_clicks") }

        @Test("the first steps lead to the first sync, and a provider in the wrong place is refused")
        func firstSteps() async throws { try await WalkTests.walk("first_steps") }

        @Test("the provider page shows its runs")
        func runs() async throws { try await WalkTests.walk("runs") }

        @Test("a plan is shown, and applied after a confirmation")
        func plans() async throws { try await WalkTests.walk("plans") }

        @Test("a plan that the guard holds back can be approved")
        func approvals() async throws { try await WalkTests.walk("approvals") }

        @Test("a failure is explained and can be retried")
        func failures() async throws { try await WalkTests.walk("failures") }

        @Test("the page of a provider shows numbers and runs by itself, and a run can be canceled there")
        func live() async throws { try await WalkTests.walk("live") }

        @Test("a link can be ended and is found again")
        func links() async throws { try await WalkTests.walk("links") }

        @Test("the schedule and the changelog of a provider are shown")
        func schedule() async throws { try await WalkTests.walk("schedule") }
    }

    @Suite("The directory, access, and all pages", .serialized)
    struct Directory {
        @Test("people sign in and out, and are never sent to another site")
        func signingIn() async throws { try await WalkTests.walk("signing_in") }

        @Test("a link of causeway open signs in, once")
        func signInLink() async throws {
            try await ServedProgram.with { server in
                let opener = server.folder.appending(path: "xdg-open")
                try Data("#!/bin/sh\n".utf8).write(to: opener)
                try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: opener.path)
                let opened = try await Program.run(
                    ["open", "--data", server.folder.path],
                    environment: ["DISPLAY": ":7", "PATH": "\(server.folder.path):/usr/bin:/bin"]
                )
                #expect(opened.status == 0, "\(opened.errors)")
                let file = server.folder.appending(path: "open.html")
                try await WalkTests.walk(
                    "sign_in_link",
                    ["origin": .string(server.origin), "link": .string(file.absoluteString)]
                )
            }
        }

        @Test("property mappings can be previewed")
        func mappings() async throws { try await WalkTests.walk("mappings") }

        @Test("people can be imported from CSV")
        func imports() async throws { try await WalkTests.walk("imports") }

        @Test("several users can be changed at once, and users can be exported")
        func users() async throws { try await WalkTests.walk("users") }

        @Test("the sign-in of a user is blocked at once, and the page says when that has happened")
        func blocking() async throws { try await WalkTests.walk("blocking") }

        @Test("groups and their members can be changed")
        func groups() async throws { try await WalkTests.walk("groups") }

        @Test("roles and passwords can be set, and service accounts created")
        func access() async throws { try await WalkTests.walk("access") }

        @Test("people change their own password, and see and end their sessions; a locked sign-in can be lifted")
        func accounts() async throws { try await WalkTests.walk("accounts") }

        @Test("authenticators can be set up, used and removed")
        func authenticators() async throws { try await WalkTests.walk("authenticators") }

        @Test("a form keeps entered values when the session ends, and Back works")
        func forms() async throws { try await WalkTests.walk("forms") }

        @Test("two people who edit the same object keep both versions, merged by field")
        func conflicts() async throws { try await WalkTests.walk("conflicts") }

        @Test("objects are selected by keyboard alone, by pointer, and without JavaScript; names are suggested")
        func pickers() async throws { try await WalkTests.walk("pickers") }

        @Test("all users that match a filter can be changed at once, unless their number has changed")
        func bulk() async throws { try await WalkTests.walk("bulk") }

        @Test("tokens, the state of the server, unknown pages and themes are shown")
        func system() async throws { try await WalkTests.walk("system") }

        @Test("the interface speaks German, messages included, and shows times in the viewer's time zone")
        func languages() async throws {
            try await WalkTests.walk("languages", adding: ["messages": JSONValue(try MessageEntries().sentences)])
        }

        @Test("the log answers who changed what: filters, saved views, chart, exports, and changelogs")
        func events() async throws { try await WalkTests.walk("events") }

        @Test("no script in entered values is run, and no form of another site is accepted")
        func hostile() async throws { try await WalkTests.walk("hostile") }

        @Test("pages lead to their places in the documentation, which can be searched")
        func help() async throws { try await WalkTests.walk("help") }

        @Test("everything can be searched, by keyboard and without JavaScript")
        func search() async throws { try await WalkTests.walk("search") }

        @Test("every page is whole and accessible in both languages, both themes and at three widths")
        func pages() async throws { try await WalkTests.walk("pages") }

        @Test("the interface works without JavaScript")
        func withoutScript() async throws { try await WalkTests.walk("without_script") }
    }
}

extension WalkTests {
    /// Runs a module on a new server with the administrator `root`.
    fileprivate static func walk(_ module: String, adding further: [String: JSONValue] = [:]) async throws {
        try await ServedProgram.with { server in
            let given: [String: JSONValue] = ["origin": .string(server.origin), "key": .string(server.key)]
            try await walk(module, given.merging(further) { $1 })
        }
    }

    /// Every page and form, as `GET /if/admin/users/{id}/`.
    private static func routes() throws -> [String] {
        let shelf = try ManualShelf(folder: WebResources.builtFolder)
        return Pages(texts: try Texts(.built, .english), shelf: shelf).routes.map { route in
            "\(route.method) /\(route.segments.map { $0 + "/" }.joined())"
        }
    }

    /// - Parameter server: where the server is, as `walk/server.py` describes it.
    fileprivate static func walk(_ module: String, _ server: [String: JSONValue]) async throws {
        try await TenantProgram.with { tenant in
            var given = server
            given["tenant"] = tenant.endpoints
            given["password"] = .string(ServedProgram.password)
            given["routes"] = .array(try routes().map { .string($0) })
            given["expression"] = .string(DefaultMappings.emailVerifiedUsers.expression)
            let environment = ProcessInfo.processInfo.environment
            given["pictures"] = environment["CAUSEWAY_SCREENSHOTS"].map { .string($0) }
            given["outlines"] = environment["CAUSEWAY_OUTLINES"].map { .string($0) }
            let done = try await Program.run(
                ["-m", "walk", module],
                at: PythonTools.python,
                environment: [
                    "PYTHONPATH": Bundle.module.bundleURL.appending(path: "Resources").path,
                    "PYTHONDONTWRITEBYTECODE": "1",
                ],
                input: JSONValue.object(given).bytes
            )
            #expect(done.status == 0, "\(done.output)\n\(done.errors)")
            #expect(done.output.contains("looked at"), "\(done.output)")
        }
    }
}
