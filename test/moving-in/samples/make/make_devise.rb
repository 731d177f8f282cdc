# Makes ../devise: users as a Rails application with Devise stores them.
#
#   apt-get install ruby-devise ruby-activerecord ruby-sqlite3
#   ruby make_devise.rb
#
# Made with Devise 4.8.1 and bcrypt-ruby 3.1.18.
require 'csv'
require 'json'
require 'logger'
require 'active_record'
require 'devise'
require 'devise/orm/active_record'

OUT = File.expand_path('../devise', __dir__)
PASSWORDS = JSON.parse(File.read(File.expand_path('../passwords.json', __dir__)))
PEPPER = 'a pepper that the application kept in its configuration'
CREATED = Time.utc(2019, 5, 4, 9, 0, 0)

Devise.stretches = 4
Devise.secret_key = 'samples' * 10
ActiveRecord::Base.establish_connection(adapter: 'sqlite3', database: ':memory:')
ActiveRecord::Schema.verbose = false
ActiveRecord::Schema.define do
  create_table :users do |t|
    t.string :email, null: false, default: ''
    t.string :encrypted_password, null: false, default: ''
    t.string :reset_password_token
    t.datetime :reset_password_sent_at
    t.string :confirmation_token
    t.datetime :confirmed_at
    t.datetime :confirmation_sent_at
    t.string :unconfirmed_email
    t.integer :failed_attempts, default: 0, null: false
    t.string :unlock_token
    t.datetime :locked_at
    t.string :name
    t.string :otp_secret
    t.boolean :otp_required_for_login
    t.timestamps
  end
end

class User < ActiveRecord::Base
  devise :database_authenticatable, :confirmable, :lockable, unlock_strategy: :none
  def send_devise_notification(*) = nil
end

def make(name, pepper, users)
  Devise.pepper = pepper
  User.delete_all
  users.each { |attributes| User.new({ created_at: CREATED, confirmed_at: CREATED }.merge(attributes)).save!(validate: false) }
  rows = User.order(:id)
  File.write("#{OUT}/#{name}.json", JSON.pretty_generate(rows.map(&:attributes)))
  # As psql's \copy users TO … CSV HEADER writes it.
  CSV.open("#{OUT}/#{name}.csv", 'w') do |csv|
    csv << User.column_names
    rows.each do |row|
      csv << User.column_names.map do |column|
        value = row.read_attribute(column)
        case value
        when Time then value.strftime('%Y-%m-%d %H:%M:%S.%6N')
        when true then 't'
        when false then 'f'
        else value
        end
      end
    end
  end
end

Dir.mkdir(OUT) unless Dir.exist?(OUT)
plain = PASSWORDS['plain']
every = PASSWORDS.map { |name, password| { email: "#{name}@devise.example", password: password, name: 'Ada Lovelace' } }
make('users', nil, every + [
  { email: 'Mixed.Case@devise.example', password: plain },
  { email: 'unconfirmed@devise.example', password: plain, confirmed_at: nil },
  { email: 'moving@devise.example', password: plain, unconfirmed_email: 'new@devise.example' },
  { email: 'locked@devise.example', password: plain, locked_at: CREATED + 86_400, failed_attempts: 20 },
  { email: 'invited@devise.example' },
  { email: 'with_app@devise.example', password: plain, otp_secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', otp_required_for_login: true },
  { email: 'app_of_rails_7@devise.example', password: plain, otp_required_for_login: true,
    otp_secret: '{"p":"c2VhbGVk","h":{"iv":"MTIzNDU2Nzg5MDEy","at":"MTIzNDU2Nzg5MDEyMzQ1Ng=="}}' },
])
make('peppered', PEPPER, every.map { |one| one.merge(email: "peppered.#{one[:email]}") })
