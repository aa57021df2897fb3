import CausewayNetwork
import Testing

@Suite("Endpoints of a provider")
struct EndpointRuleTests {
    @Test(
        "an endpoint may be anywhere with https, and on this machine with http",
        arguments: [
            "https://login.microsoftonline.com", "https://graph.microsoft.com/v1.0",
            "https://graph.example.com:8443/v1.0",
            "https://10.1.2.3", "https://192.168.1.20/v1.0", "https://[2001:db8::7]:444/v1.0", "https://localhost/",
            "http://localhost:9", "http://127.0.0.1:8080/v1.0", "http://127.9.9.9", "http://[::1]:80/v1.0",
        ]
    )
    func good(_ url: String) { #expect(EndpointRule.standard.violation(to: url) == nil) }

    @Test(
        "an unencrypted endpoint, or one with credentials, a query or a fragment, is refused",
        arguments: [
            "", "graph", "graph.microsoft.com", "//graph.microsoft.com", "https://", "https:///v1.0", "ftp://127.0.0.1",
            "file:///etc/passwd", "http://graph.microsoft.com", "http://10.0.0.1", "http://localhost.example.com",
            "http://127.0.0.1.example.com", "http://127.0.0.1@example.com", "https://user@example.com",
            "https://user:word@example.com", "https://@example.com", "https://example.com?x=1", "https://example.com/?",
            "https://example.com#top", "https://example.com\\@other.example", "https://exam ple.com",
            "https://example.com\n",
            "https://grаph.microsoft.com",
        ]
    )
    func bad(_ url: String) {
        #expect(EndpointRule.standard.violation(to: url) != nil)
        #expect(EndpointRule(allowsLinkLocal: true).violation(to: url) != nil)
    }

    /// Metadata and link-local hosts, in every spelling that resolvers accept.
    private static let linkLocal = [
        "169.254.169.254", "169.254.0.1", "169.254.169.254.", "2852039166", "0xA9FEA9FE", "0xa9.0xfe.0xa9.0xfe",
        "0251.0376.0251.0376", "169.254.43518", "169.16689662", "%31%36%39.254.169.254", "[fe80::1]",
        "[FE80::1%25eth0]",
        "[febf::1]", "[fd00:ec2::254]", "[fd00:0ec2:0:0:0:0:0:0254]", "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]",
        "[::169.254.169.254]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::1]", "metadata.google.internal",
        "Metadata.Google.Internal.", "metadata", "metadata.azure.internal", "instance-data.ec2.internal",
        "100.100.100.200", "168.63.129.16", "192.0.0.192",
    ]

    @Test("link-local and metadata addresses are refused in every spelling", arguments: linkLocal)
    func metadata(_ host: String) {
        let url = "https://\(host)/v1.0"
        #expect(EndpointRule.standard.violation(to: url)?.contains("link-local or metadata") == true)
        #expect(EndpointRule(allowsLinkLocal: true).violation(to: url) == nil)
    }

    @Test(
        "addresses next to them are allowed",
        arguments: [
            "169.253.169.254", "168.254.169.254", "2852039166.example.com", "[fec0::1]", "[fd00:ec2::253]",
            "[2001:db8::a9fe:a9fe]",
        ]
    )
    func near(_ host: String) { #expect(EndpointRule.standard.violation(to: "https://\(host)/") == nil) }

    @Test("the address that a name resolves to is checked too")
    func connected() throws {
        let metadata = try #require(NetworkAddress(packed: [169, 254, 169, 254]))
        let mapped = try #require(
            NetworkAddress(packed: Array(repeating: 0, count: 10) + [0xFF, 0xFF, 169, 254, 169, 254])
        )
        #expect(metadata == mapped)
        #expect(!EndpointRule.standard.allows(metadata))
        #expect(EndpointRule(allowsLinkLocal: true).allows(metadata))
        #expect(EndpointRule.standard.allows(try #require(NetworkAddress(packed: [127, 0, 0, 1]))))
        #expect(NetworkAddress(packed: [1, 2, 3]) == nil)
    }

    @Test("a subscriber has one IPv4 address, or half of an IPv6 one")
    func subscribers() throws {
        func subscriber(_ host: String) -> NetworkAddress? { NetworkAddress(host: host)?.subscriber }
        #expect(subscriber("192.0.2.1") != subscriber("192.0.2.2"))
        #expect(subscriber("192.0.2.1") == subscriber("::ffff:192.0.2.1"))
        #expect(subscriber("2001:db8:0:1::1") == subscriber("2001:db8:0:1:ffff:ffff:ffff:ffff"))
        #expect(subscriber("2001:db8:0:1::1") != subscriber("2001:db8:0:2::1"))
    }
}
