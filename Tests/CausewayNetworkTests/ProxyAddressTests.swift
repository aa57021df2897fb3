import CausewayNetwork
import Testing

@Suite("The address of a proxy")
struct ProxyAddressTests {
    @Test("the address is read with user and secret, and shown without the secret")
    func shown() throws {
        let proxy = try ProxyAddress("http://ad%40a:s3cr%3Aet-value@proxy.company.com:3128/")
        #expect(proxy.host == "proxy.company.com" && proxy.port == 3128)
        #expect(proxy.user == "ad@a" && proxy.secret == "s3cr:et-value")
        #expect("\(proxy)" == "http://ad%40a@proxy.company.com:3128")
        var text = ""
        dump(proxy, to: &text)
        #expect(!text.contains("et-value") && !String(reflecting: proxy).contains("et-value"))
        #expect(try ProxyAddress(proxy.revealed) == proxy)
        #expect(try ProxyAddress("http://[::1]:8080").host == "::1")
        #expect("\(try ProxyAddress("http://[2001:db8::1]:8080"))" == "http://[2001:db8::1]:8080")
    }

    @Test(
        "the error of an unusable address says what to write, and does not contain the secret",
        arguments: [
            ("ada:hush@proxy.company.com:3128", "does not begin with http://"),
            ("https://u:hush@proxy:3128", "begins with https://"),
            ("socks5://u:hush@proxy:1080", "begins with socks5://"), ("http://u:hush@proxy", "no port"),
            ("http://u:hush@proxy:0", "no port"), ("http://u:hush@proxy:3128/way", "must end after the port"),
            ("http://u:hush@proxy:3128?x=1", "must end after the port"), ("http://:hush@proxy:3128", "no user"),
            ("http://u:hush@:3128", "no host"), ("http://u%3Av:hush@proxy:3128", "colon"),
            ("", "does not begin with http://"),
            ("http://u:hush@pro xy:1", "not a URL"),
        ]
    )
    func refused(_ text: String, _ words: String) {
        let error = #expect(throws: ProxyAddressError.self) { try ProxyAddress(text) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains("hush") == false)
    }

    @Test("an address without a secret keeps the secret of the same user of the same proxy only")
    func kept() throws {
        let former = try ProxyAddress("http://ada:hush@proxy:3128")
        #expect(try ProxyAddress("http://ada@proxy:3128").keepingSecret(of: former) == former)
        for other in ["http://eve@proxy:3128", "http://ada@other:3128", "http://ada@proxy:3129", "http://proxy:3128"] {
            #expect(try ProxyAddress(other).keepingSecret(of: former).secret == nil, "\(other)")
        }
        #expect(try ProxyAddress("http://ada:new@proxy:3128").keepingSecret(of: former).secret == "new")
    }

    @Test("a proxy at a link-local or metadata address is refused, unless the setting allows it")
    func forbidden() throws {
        for host in ["169.254.169.254", "[fe80::1]", "metadata.google.internal"] {
            let proxy = try ProxyAddress("http://\(host):80")
            #expect(EndpointRule.standard.violation(to: proxy) != nil, "\(host)")
            #expect(EndpointRule(allowsLinkLocal: true).violation(to: proxy) == nil, "\(host)")
        }
        #expect(EndpointRule.standard.violation(to: try ProxyAddress("http://10.0.0.1:80")) == nil)
    }
}
