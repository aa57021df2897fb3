package import CausewayImport
import CausewayInstallation
package import CausewayStore
package import Foundation

/// The files that a demonstration imports: the committed sample of 1,000 users, or invented ones.
package struct SampleDirectory {
    /// The path of a file.
    package let people: String
    /// The path of a file.
    package let groups: String

    /// The number of users in the committed sample.
    package static let size = 1000
    package static let domains = ["company.com", "example.com"]

    /// - Parameters:
    ///   - count: the number of users.
    ///   - circles: the number of further groups of each invented user.
    ///   - circleCount: how many such groups there are; nil for one for every 35 users.
    ///   - folder: where invented files are written.
    package init(count: Int, circles: Int, circleCount: Int? = nil, folder: URL) throws {
        guard count != Self.size || circles > 0 else {
            let sample = try Self.resource("sample")
            people = sample.appending(path: "people.csv").path
            groups = sample.appending(path: "groups.csv").path
            return
        }
        let (people, groups) = (folder.appending(path: "people.csv"), folder.appending(path: "groups.csv"))
        let invented = circles == 0 ? 0 : max(circleCount ?? count / 35, 1)
        try Data(Self.people(count, circles, of: invented).utf8).write(to: people)
        try Data(Self.groups(count, circles: invented).utf8).write(to: groups)
        (self.people, self.groups) = (people.path, groups.path)
    }

    /// A file or folder that comes with the program.
    ///
    /// - Throws: ``DemoError`` if it is missing.
    private static func resource(_ name: String) throws -> URL {
        let url = Installation.resource(name, of: "CausewayDemo")
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw DemoError("\(url.path) is missing; install the program again, together with its folders.")
        }
        return url
    }

    /// Imports both files.
    ///
    /// - Parameter progress: receives the number of lines read so far.
    /// - Throws: ``DemoError`` if a line cannot be imported.
    @discardableResult
    package func fill(_ store: Store, progress: @escaping @Sendable (Int) -> Void = { _ in }) async throws
        -> ImportReport
    {
        let report = try await DirectoryImport(users: people, groups: groups).run(in: store, progress: progress)
        guard report.problemCount == 0 else { throw DemoError("The sample has lines that cannot be imported.") }
        return report
    }

    // MARK: Invented users

    private static let given = ["Ada", "Björn", "Chloé", "Đức", "Eleni", "Fatima", "Grażyna", "Hiro", "Işıl", "João"]
    private static let family = ["Ångström", "Brown", "Çelik", "Dvořák", "Eiríksdóttir", "Ferrari", "Groß", "Haddad"]
    private static let departments = ["Engineering", "Finance", "Legal", "Operations", "Research", "Sales", "Support"]

    /// Every tenth user has an address outside the verified domains, every twentieth is inactive.
    private static func people(_ count: Int, _ circles: Int, of circleCount: Int) -> String {
        var text = "Username,Display name,Email,Department,Job title,Employment status,Groups\n"
        for number in 1...max(count, 1) {
            let id = String(String(number + 1_000_000).dropFirst())
            let name = "\(given[number % given.count]) \(family[number / given.count % family.count]) \(number)"
            let domain = number % 10 == 0 ? "partner.example" : domains[number % 2]
            let department = departments[number % departments.count]
            let status = number % 20 == 7 ? "Terminated" : "Active"
            let circles = (0..<circles).map { circle(number, $0, of: circleCount) }
            let groups = ["Team \(number / 50)", department] + circles
            text +=
                "user\(id),\(name),user\(id)@\(domain),\(department),Clerk,\(status),\(groups.joined(separator: ";"))\n"
        }
        return text
    }

    /// Circles cut across teams, and all have about the same number of members.
    private static func circle(_ person: Int, _ place: Int, of count: Int) -> String {
        "Circle \((person + place * 7919) % count)"
    }

    /// Teams belong to divisions, divisions to the company.
    private static func groups(_ count: Int, circles: Int) -> String {
        var text = "name,description,parents\nCompany,Everyone,\n"
        for division in 0...(count / 1000) { text += "Division \(division),Twenty teams,Company\n" }
        for team in 0...(count / 50) { text += "Team \(team),Up to fifty people,Division \(team / 20)\n" }
        for circle in 0..<circles { text += "Circle \(circle),People who meet,\n" }
        return text
    }
}
